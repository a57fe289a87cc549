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

    /// What has no end yet, if there is something: its process is gone, or its invocation over.
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
pub(crate) struct LogBuffer {
    waiting: Vec<LogEvent>,
    /// Bytes that may come now; grows with time up to a limit.
    budget: usize,
    filled_at_ms: u64,
    dropped: u64,
    tail: Option<String>,
}

impl Default for LogBuffer {
    fn default() -> LogBuffer {
        LogBuffer { waiting: Vec::new(), budget: limits::LOG_BURST_BYTES, filled_at_ms: 0, dropped: 0, tail: None }
    }
}

impl LogBuffer {
    /// Adds an event of the function, unless it writes faster than it may for longer than it may.
    pub fn push(&mut self, timestamp_ms: u64, message: String) {
        let passed_ms = timestamp_ms.saturating_sub(self.filled_at_ms).min(limits::LOG_REFILL_MS_MAX) as usize;
        self.filled_at_ms = self.filled_at_ms.max(timestamp_ms);
        self.budget = (self.budget + passed_ms * limits::LOG_BYTES_PER_MS).min(limits::LOG_BURST_BYTES);
        let cost = message.len() + limits::LOG_EVENT_BYTES_EXTRA;
        if cost > self.budget {
            self.dropped += 1;
            return self.remember(&message);
        }
        self.budget -= cost;
        self.push_always(timestamp_ms, message);
    }

    /// Adds an event of the platform.
    pub fn push_always(&mut self, timestamp_ms: u64, message: String) {
        self.remember(&message);
        self.waiting.push(LogEvent { timestamp_ms, message });
    }

    fn remember(&mut self, message: &str) {
        if let Some(tail) = &mut self.tail {
            tail.push_str(message);
            cut_front(tail, 2 * limits::LOG_TAIL_BYTES);
        }
    }

    /// Tells what was dropped since this was last asked for.
    pub fn take_dropped(&mut self) -> Option<u64> {
        (self.dropped > 0).then(|| std::mem::take(&mut self.dropped))
    }

    /// All that waits.
    pub fn take(&mut self) -> Vec<LogEvent> {
        std::mem::take(&mut self.waiting)
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
    fn bounds_and_counts_a_flood() {
        let mut buffer = LogBuffer::default();
        let line = "x".repeat(1000);
        // A hundred megabytes within one second.
        (0..100_000).for_each(|n| buffer.push(1_000_000 + n / 100, line.clone()));
        let kept: usize = buffer.take().iter().map(|event| event.message.len()).sum();
        assert!(kept <= limits::LOG_BURST_BYTES + 1000 * limits::LOG_BYTES_PER_MS, "{kept}");
        assert!(kept >= limits::LOG_BURST_BYTES / 2, "{kept}");
        assert_eq!(buffer.take_dropped().map(|count| count as usize), Some(100_000 - kept / 1000));
        assert_eq!(buffer.take_dropped(), None);
        // A pause makes room again.
        buffer.push(1_000_000 + 60_000, line);
        assert_eq!((buffer.take().len(), buffer.take_dropped()), (1, None));
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
