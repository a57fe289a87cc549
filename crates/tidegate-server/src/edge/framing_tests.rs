//! What is sound, what is refused and where, and that it does not matter in which pieces it comes.

use super::*;
use proptest::prelude::*;

/// What is refused, why, and whether that is in a head. The bytes before the last one of each are sound.
const VIOLATIONS: &[(&[u8], Violation)] = &[
    (b"\n", Violation::LineEnd),
    (b"GET / HTTP/1.1\n", Violation::LineEnd),
    (b"GET / HTTP/1.1\r\nHost: a\n", Violation::LineEnd),
    (b"GET / HTTP/1.1\r\nHost: a\r\n\n", Violation::LineEnd),
    (b"\r\n\r\n", Violation::EmptyLines),
    (b"GET / HTTP/1.1\r\n\r\n\r\n\r\n", Violation::EmptyLines),
    (b"GET / HTTP/1.1\r\n Host: a\r\n", Violation::Folded),
    (b"GET / HTTP/1.1\r\nA: b\r\n\tc\r\n", Violation::Folded),
    (b"GET / HTTP/1.1\r\n \r\n", Violation::Folded),
    (b"GET / HTTP/1.1\r\nContent-Length:\r\n", Violation::Length),
    (b"GET / HTTP/1.1\r\ncontent-length: +3\r\n", Violation::Length),
    (b"GET / HTTP/1.1\r\nCONTENT-LENGTH: -3\r\n", Violation::Length),
    (b"GET / HTTP/1.1\r\nContent-Length: 3, 3\r\n", Violation::Length),
    (b"GET / HTTP/1.1\r\nContent-Length: 1 0\r\n", Violation::Length),
    (b"GET / HTTP/1.1\r\nContent-Length: 18446744073709551616\r\n", Violation::Length),
    (b"GET / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n", Violation::Length),
    (b"GET / HTTP/1.1\r\nContent-Length: 0\r\nA: b\r\nContent-Length: 3\r\n", Violation::Length),
    (b"GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n", Violation::Coding),
    (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked, chunked\r\n", Violation::Coding),
    (b"GET / HTTP/1.1\r\nTransfer-Encoding: identity\r\n", Violation::Coding),
    (b"GET / HTTP/1.1\r\nTransfer-Encoding:\r\n", Violation::Coding),
    (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\0\r\n", Violation::Coding),
    (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", Violation::Coding),
    (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n", Violation::LengthAndCoding),
    (b"GET / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n", Violation::LengthAndCoding),
    (b"CONNECT a:1 HTTP/1.1\r\nContent-Length: 1\r\n\r\n", Violation::BodyOfConnect),
    (b"CONNECT a:1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", Violation::BodyOfConnect),
    // The preface, but for its end: what follows it is a request, and an odd one.
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\n", Violation::LineEnd),
    (b"PRI * HTTP/2.0\r\n\n", Violation::LineEnd),
];

/// The same for bodies in chunks.
const BROKEN_CHUNKS: &[(&[u8], Violation)] = &[
    (b"\r\n", Violation::ChunkSize),
    (b"5\n", Violation::LineEnd),
    (b"5 \r\n", Violation::ChunkSize),
    (b" 5\r\n", Violation::ChunkSize),
    (b"5 ;a\r\n", Violation::ChunkSize),
    (b"+5\r\n", Violation::ChunkSize),
    (b"0x5\r\n", Violation::ChunkSize),
    (b"5\r5\r\n", Violation::ChunkSize),
    (b"5\0\r\n", Violation::ChunkSize),
    (b"10000000000000000\r\n", Violation::ChunkSize),
    (b"00000000000000005\r\n", Violation::ChunkSize),
    (b"5;a=\"\r\"\r\n", Violation::ChunkSize),
    (b"5;a=b\n", Violation::LineEnd),
    (b"5;a\0\r\n", Violation::ChunkSize),
    (b"5;a=\xe9\r\n", Violation::ChunkSize),
    (b"5\r\nhello\n", Violation::LineEnd),
    (b"5\r\nhelloworld\r\n", Violation::ChunkEnd),
    (b"5\r\nhello5\r\n", Violation::ChunkEnd),
    (b"0\r\nA: b\n", Violation::LineEnd),
    (b"0\r\n\n", Violation::LineEnd),
    (b"0\r\nA: b\r\n c\r\n", Violation::Folded),
    (b"0\r\nContent-Length: 5\r\n", Violation::Trailer),
    (b"0\r\nA: b\r\ntransfer-encoding: chunked\r\n", Violation::Trailer),
];

/// What is sound; each ends where a request may begin.
const SOUND: &[&[u8]] = &[
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"\r\nGET / HTTP/1.1\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    b"POST / HTTP/1.1\r\ncontent-length:\t 0005 \t\r\n\r\n\n\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello\r\n",
    b"POST / HTTP/1.1\r\nContent_Length: x\r\nX-Content-Length: 7\r\nContent-Length-X: 8\r\n\r\n",
    b"POST / HTTP/1.1\r\nTRANSFER-ENCODING:\tChunked \r\n\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"b\";c\r\nhello\r\n00A\r\n\n\n\n\n\n\n\n\n\n\n\r\n0;\r\nA: b\r\n\r\n",
    b"CONNECTED / HTTP/1.1\r\n\r\n",
    b"P / HTTP/1.1\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSN\r\n\r\n",
];

/// The violation in these bytes and the place of its byte, if read in pieces of these lengths, the last one as often as
/// it takes.
fn verdict(bytes: &[u8], lengths: &[usize]) -> Option<(usize, bool, Violation)> {
    let (mut framing, mut at) = (Framing::new(), 0);
    let mut lengths = lengths.iter().copied();
    while at < bytes.len() {
        let end = lengths.next().map_or(bytes.len(), |length| bytes.len().min(at + length));
        if let Err(refused) = framing.read(&bytes[at..end]) {
            return Some((at + refused.at, refused.in_head, refused.why));
        }
        at = end;
    }
    None
}

fn chunked(body: &[u8]) -> Vec<u8> {
    [b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", body].concat()
}

#[test]
fn refuses_at_the_end_of_the_line() {
    let heads = VIOLATIONS.iter().map(|(bytes, why)| (bytes.to_vec(), true, *why));
    let bodies = BROKEN_CHUNKS.iter().map(|(bytes, why)| (chunked(bytes), false, *why));
    for (bytes, in_head, why) in heads.chain(bodies) {
        let followed = [bytes.as_slice(), b"GET /hidden HTTP/1.1\r\n\r\n"].concat();
        for lengths in [vec![], vec![1; followed.len()]] {
            let expected = Some((bytes.len() - 1, in_head, why));
            assert_eq!(verdict(&followed, &lengths), expected, "{}", bytes.escape_ascii());
        }
    }
}

#[test]
fn takes_what_is_sound() {
    for bytes in SOUND {
        for lengths in [vec![], vec![1; bytes.len()]] {
            assert_eq!(verdict(bytes, &lengths), None, "{}", bytes.escape_ascii());
        }
        // It has ended, and what follows is a request line.
        let followed = [bytes, b"GET / HTTP/1.1\r\nContent-Length: x\r\n".as_slice()].concat();
        assert_eq!(verdict(&followed, &[]), Some((followed.len() - 1, true, Violation::Length)));
    }
}

#[test]
fn knows_whether_a_request_has_ended() {
    let bytes =
        [b"\r\n".as_slice(), &chunked(b"5\r\nhello\r\n0\r\nA: b\r\n\r\n"), b"\r\nGET / HTTP/1.1\r\n\r\n"].concat();
    let mut framing = Framing::new();
    let amid: Vec<bool> = bytes
        .chunks(1)
        .map(|byte| framing.read(byte).map(|()| framing.is_amid_request()).expect("it is sound"))
        .collect();
    // Before, between and behind the two, with and without the empty lines.
    let ended: Vec<usize> = (0..amid.len()).filter(|at| !amid[*at]).collect();
    let second = bytes.len() - b"\r\nGET / HTTP/1.1\r\n\r\n".len();
    assert_eq!(ended, [1, second - 1, second + 1, bytes.len() - 1]);
    assert!(!Framing::new().is_amid_request());
}

#[test]
fn steps_aside_for_other_protocols() {
    for begin in [PREFACE, b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 0\r\n\r\n"] {
        let bytes = [begin, b"\n\n\nanything\n"].concat();
        assert_eq!(verdict(&bytes, &[]), None);
        assert_eq!(verdict(&bytes, &vec![1; bytes.len()]), None);
    }
    // Only in the beginning, and only in full.
    let late = [b"GET / HTTP/1.1\r\n\r\n", PREFACE, b"\n"].concat();
    assert_eq!(verdict(&late, &[]), Some((late.len() - 1, true, Violation::LineEnd)));
}

#[test]
fn long_lines_are_sound_but_where_they_frame() {
    let line =
        |begin: &str, end: &str| format!("{begin}{}{end}\r\n", " ".repeat(LINE_KEPT - begin.len() - end.len() + 1));
    let head = |line: &str| format!("POST / HTTP/1.1\r\n{line}\r\n").into_bytes();
    let cases = [
        (head(&line("Cookie:", "x")), None),
        (head(&line("Content-Length:", "0")), Some(Violation::Length)),
        (head(&line("Transfer-Encoding:", "chunked")), Some(Violation::Coding)),
        (chunked(line("5;", "x").as_bytes()), Some(Violation::ChunkSize)),
        (chunked(format!("0\r\n{}\r\n", line("A:", "b")).as_bytes()), None),
        // One byte less is not too long.
        (head(&line("Content-Length:", "0").replacen(' ', "", 1)), None),
        (chunked(format!("{}hello\r\n", line("5;", "x").replacen(' ', "", 1)).as_bytes()), None),
    ];
    for (bytes, expected) in cases {
        let why = |lengths: &[usize]| verdict(&bytes, lengths).map(|(.., why)| why);
        assert_eq!(why(&[]), expected, "{}", bytes.escape_ascii());
        assert_eq!(why(&vec![1; bytes.len()]), expected, "{}", bytes.escape_ascii());
    }
}

/// Bytes that look like requests, sound and broken ones.
fn streams() -> impl Strategy<Value = Vec<u8>> {
    let heads = VIOLATIONS.iter().map(|(bytes, _)| bytes.to_vec());
    let bodies = BROKEN_CHUNKS.iter().map(|(bytes, _)| chunked(bytes));
    let whole: Vec<Vec<u8>> = SOUND.iter().map(|bytes| bytes.to_vec()).chain(heads).chain(bodies).collect();
    let part = prop_oneof![
        3 => prop::sample::select(whole),
        1 => prop::collection::vec(prop::sample::select(b"\r\n\t \0:;,05afA".to_vec()), 0..6),
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn pieces_do_not_matter(stream in streams(), lengths in prop::collection::vec(1usize..40, 0..20)) {
        prop_assert_eq!(verdict(&stream, &lengths), verdict(&stream, &[]));
    }

    #[test]
    fn takes_anything(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Some((at, ..)) = verdict(&bytes, &[]) {
            prop_assert_eq!(bytes[at], b'\n');
        }
    }
}
