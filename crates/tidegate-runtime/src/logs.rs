//! Log lines on their way from a process to where they are kept.

use crate::{FunctionSpec, limits};

/// One log event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEvent {
    /// Milliseconds since 1970.
    pub timestamp_ms: u64,
    /// The text with its final newline.
    pub message: String,
}

/// Takes the log events of functions as they happen: at most 100 ms late, and before the invocation's result.
pub trait LogOutput: Send + Sync {
    /// Events of one log stream in order. Called on the executor: it must hand them on and not wait.
    fn lines(&self, function: &FunctionSpec, stream: &str, events: Vec<LogEvent>);
}

/// Before a newline this byte says that the event goes on; bootstraps write it.
const CONTINUED: u8 = 0x1e;

/// Cuts a byte stream into events: a line each, but for lines that are marked to be continued.
#[derive(Default)]
pub(crate) struct Lines {
    partial: Vec<u8>,
}

impl Lines {
    /// Takes bytes and gives each whole event.
    pub fn feed(&mut self, mut bytes: &[u8], mut event: impl FnMut(String)) {
        while let Some(at) = bytes.iter().position(|b| *b == b'\n') {
            self.extend(&bytes[..at], &mut event);
            bytes = &bytes[at + 1..];
            if self.partial.last() == Some(&CONTINUED) {
                self.partial.pop();
                self.partial.push(b'\n');
            } else {
                self.partial.push(b'\n');
                event(self.take());
            }
        }
        self.extend(bytes, &mut event);
    }

    /// What has no end yet, if there is something: its process is gone or waits.
    pub fn finish(&mut self) -> Option<String> {
        (!self.partial.is_empty()).then(|| {
            self.partial.push(b'\n');
            self.take()
        })
    }

    /// Adds bytes of a line; what is too long for one event becomes several.
    fn extend(&mut self, mut bytes: &[u8], event: &mut impl FnMut(String)) {
        while self.partial.len() + bytes.len() > limits::LOG_EVENT_BYTES_MAX {
            let fits = limits::LOG_EVENT_BYTES_MAX.saturating_sub(self.partial.len());
            self.partial.extend_from_slice(&bytes[..fits]);
            bytes = &bytes[fits..];
            event(self.take());
        }
        self.partial.extend_from_slice(bytes);
    }

    fn take(&mut self) -> String {
        let bytes = std::mem::take(&mut self.partial);
        String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
    }
}

/// Events that wait to be handed on, the end of the running invocation's log, and a count of what was too much.
#[derive(Default)]
pub(crate) struct LogBuffer {
    waiting: Vec<LogEvent>,
    waiting_bytes: usize,
    dropped: u64,
    tail: Option<String>,
}

impl LogBuffer {
    /// Adds an event, unless too much waits already.
    pub fn push(&mut self, timestamp_ms: u64, message: String) {
        if let Some(tail) = &mut self.tail {
            tail.push_str(&message);
            cut_front(tail, 2 * limits::LOG_TAIL_BYTES);
        }
        let full = self.waiting.len() >= limits::LOG_EVENTS_WAITING_MAX
            || self.waiting_bytes + message.len() > limits::LOG_BYTES_WAITING_MAX;
        if full {
            self.dropped += 1;
            return;
        }
        self.waiting_bytes += message.len();
        self.waiting.push(LogEvent { timestamp_ms, message });
    }

    /// All that waits, with a last line about what was dropped.
    pub fn take(&mut self, now_ms: u64) -> Vec<LogEvent> {
        if self.dropped > 0 {
            let message =
                format!("[tidegate] {} log lines were dropped: they came faster than they can be kept\n", self.dropped);
            self.waiting.push(LogEvent { timestamp_ms: now_ms, message });
            self.dropped = 0;
        }
        self.waiting_bytes = 0;
        std::mem::take(&mut self.waiting)
    }

    /// Whether something waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.dropped == 0
    }

    /// Begins to remember the end of an invocation's log.
    pub fn start_tail(&mut self, wanted: bool) {
        self.tail = wanted.then(String::new);
    }

    /// The end of the invocation's log.
    pub fn take_tail(&mut self) -> Option<Vec<u8>> {
        let mut tail = self.tail.take()?;
        cut_front(&mut tail, limits::LOG_TAIL_BYTES);
        Some(tail.into_bytes())
    }
}

/// Drops characters at the front until the text has at most this many bytes.
fn cut_front(text: &mut String, bytes_max: usize) {
    if text.len() > bytes_max {
        let cut = (text.len() - bytes_max..).find(|at| text.is_char_boundary(*at));
        text.drain(..cut.expect("the end of a text is a boundary"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn events(chunks: &[&[u8]]) -> Vec<String> {
        let (mut lines, mut seen) = (Lines::default(), Vec::new());
        chunks.iter().for_each(|chunk| lines.feed(chunk, |event| seen.push(event)));
        seen.extend(lines.finish());
        seen
    }

    #[test]
    fn cuts_events() {
        let table: &[(&[&[u8]], &[&str])] = &[
            (&[b""], &[]),
            (&[b"a\n"], &["a\n"]),
            (&[b"a\nb\n"], &["a\n", "b\n"]),
            (&[b"a", b"b\nc"], &["ab\n", "c\n"]),
            (&[b"\n\n"], &["\n", "\n"]),
            (&[b"a\rb\n"], &["a\rb\n"]),
            (&[b"a\x1e\nb\n"], &["a\nb\n"]),
            (&[b"a\x1e", b"\nb\x1e\nc\nd\n"], &["a\nb\nc\n", "d\n"]),
            (&[b"a\x1eb\n"], &["a\x1eb\n"]),
            (&[b"\xff\n"], &["\u{fffd}\n"]),
        ];
        for (chunks, expected) in table {
            assert_eq!(events(chunks), *expected, "{chunks:?}");
        }
    }

    #[test]
    fn splits_what_is_too_long_for_an_event() {
        let long = vec![b'x'; 2 * limits::LOG_EVENT_BYTES_MAX + 10];
        let sizes: Vec<usize> = events(&[&long, b"\n"]).iter().map(String::len).collect();
        assert_eq!(sizes, [limits::LOG_EVENT_BYTES_MAX, limits::LOG_EVENT_BYTES_MAX, 11]);
    }

    #[test]
    fn counts_what_it_drops() {
        let mut buffer = LogBuffer::default();
        (0..limits::LOG_EVENTS_WAITING_MAX + 3).for_each(|_| buffer.push(1, "x\n".into()));
        let taken = buffer.take(2);
        assert_eq!(taken.len(), limits::LOG_EVENTS_WAITING_MAX + 1);
        assert!(taken[limits::LOG_EVENTS_WAITING_MAX].message.contains(" 3 log lines"));
        assert!(buffer.is_empty() && buffer.take(3).is_empty());
    }

    #[test]
    fn remembers_the_tail() {
        let mut buffer = LogBuffer::default();
        buffer.push(1, "before\n".into());
        buffer.start_tail(true);
        (0..3000).for_each(|n| buffer.push(1, format!("line {n} ü\n")));
        let tail = String::from_utf8(buffer.take_tail().expect("it was asked for")).expect("characters are whole");
        assert!(tail.len() <= 4096 && tail.len() > 4092 && tail.ends_with("line 2999 ü\n"));
        assert_eq!(buffer.take_tail(), None);
    }

    proptest! {
        #[test]
        fn loses_nothing(text in "[a-c\n]{0,200}", step in 1usize..20) {
            let chunks: Vec<&[u8]> = text.as_bytes().chunks(step).collect();
            let joined = events(&chunks).concat();
            let expected = if text.is_empty() || text.ends_with('\n') { text } else { text + "\n" };
            prop_assert_eq!(joined, expected);
        }
    }
}
