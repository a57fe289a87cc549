//! This crate's parsers for those who throw bytes at them: each takes anything and must neither panic nor hang.

use crate::logs::Lines;
use crate::names;
use crate::protocol::Frames;

/// Cuts frames out of what a bootstrap sends in pieces of this size; each as text, the last one perhaps a complaint.
pub fn frames(stream: &[u8], piece_bytes: usize) -> Vec<String> {
    let (mut frames, mut seen) = (Frames::default(), Vec::new());
    for piece in stream.chunks(piece_bytes.max(1)) {
        frames.feed(piece);
        loop {
            match frames.cut() {
                Ok(Some(frame)) => seen.push(format!("{frame:?}")),
                Ok(None) => break,
                Err(kind) => {
                    seen.push(format!("{kind:?}"));
                    return seen;
                }
            }
        }
    }
    seen
}

/// Cuts log events out of what a function writes in pieces of this size.
pub fn events(stream: &[u8], piece_bytes: usize) -> Vec<String> {
    let (mut lines, mut seen) = (Lines::default(), Vec::new());
    stream.chunks(piece_bytes.max(1)).for_each(|piece| lines.feed(piece, |event| seen.push(event)));
    seen.extend(lines.finish());
    seen
}

/// Answers a message of RFC 1035, as if there were no other resolver.
pub fn name(message: &[u8]) -> Option<Vec<u8>> {
    names::answer(message, true)
}
