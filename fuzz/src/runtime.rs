//! What comes out of a sandbox: frames, log lines, questions for names.

use tidegate_runtime::fuzz;

/// A stream of frames, cut the same however it arrives.
pub fn frames(stream: &[u8]) {
    let whole = fuzz::frames(stream, stream.len());
    assert_eq!(whole, fuzz::frames(stream, 1));
    assert_eq!(whole, fuzz::frames(stream, 7));
}

/// What a function writes, cut the same however it arrives.
pub fn log_lines(stream: &[u8]) {
    let whole = fuzz::events(stream, stream.len());
    assert_eq!(whole, fuzz::events(stream, 1));
    assert_eq!(whole, fuzz::events(stream, 5));
}

/// A question for a name: an answer begins with the question's number, and holds the question.
pub fn name(message: &[u8]) {
    if let Some(reply) = fuzz::name(message) {
        assert!(reply[..2] == message[..2] && reply[2] & 0x80 != 0);
        assert_eq!(reply[12..16], message[12..16]);
    }
}
