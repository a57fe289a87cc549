//! Where the requests on a plain HTTP/1 connection begin and end, read strictly (RFC 9112). The HTTP library takes some
//! bytes that two programs can read in two ways, and a request can hide between the two readings; what is refused here
//! never gets to it. What the library refuses by itself is not looked at again: broken request lines, names and values.

use memchr::memchr_iter;
use std::fmt;

/// What a connection that speaks HTTP/2 from its first byte begins with (RFC 9113 §3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Bytes of a line that are kept when it arrives in pieces. Lines that say how long a body is are no longer than this.
const LINE_KEPT: usize = 128;
/// Digits of a chunk's size at most: 64 bits.
const SIZE_DIGITS_MAX: usize = 16;

/// Follows the requests on one connection, in pieces of any size.
#[derive(Debug)]
pub struct Framing {
    state: State,
    /// The line that the last piece ended in.
    begun: Begun,
    head: Head,
}

/// What the next byte belongs to.
#[derive(Debug, Clone, Copy)]
enum State {
    /// Perhaps to HTTP/2's preface, of which so many bytes have come.
    Preface(usize),
    Line(Line),
    /// To a body, so many bytes of which are to come before the next line.
    Data(u64, Line),
    /// To something that is not HTTP/1: HTTP/2, or a tunnel.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Request,
    /// The same, behind an empty line.
    RequestAfterEmpty,
    Header,
    ChunkSize,
    /// What is left of the line behind a chunk's data.
    ChunkEnd,
    Trailer,
}

/// What a head says of its body.
#[derive(Debug, Default)]
struct Head {
    is_connect: bool,
    is_chunked: bool,
    length: Option<u64>,
}

/// The beginning of a line whose end has not come.
#[derive(Debug)]
struct Begun {
    kept: [u8; LINE_KEPT],
    len: usize,
    last: u8,
}

/// A header that frames a body, by its line.
enum Field<'a> {
    Length(&'a [u8]),
    Coding(&'a [u8]),
}

/// Where a connection has to end, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// The byte of the piece just read that must not be passed on; always the last one of a line.
    pub at: usize,
    /// Whether it is a part of a head; otherwise, it is a part of a body whose request has been passed on.
    pub in_head: bool,
    /// Why.
    pub why: Violation,
}

/// What a request's framing violates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Violation {
    /// A line ends without CR, RFC 9112 §2.2.
    LineEnd,
    /// More than one empty line before a request, RFC 9112 §2.2.
    EmptyLines,
    /// White space before a header's name, RFC 9112 §2.2 and §5.2.
    Folded,
    /// A `Content-Length` that is no number, or a second one, RFC 9112 §6.3.
    Length,
    /// A `Transfer-Encoding` that is not `chunked`, or a second one, RFC 9112 §6.1.
    Coding,
    /// Both `Content-Length` and `Transfer-Encoding`, RFC 9112 §6.3.
    LengthAndCoding,
    /// A body of `CONNECT`, RFC 9110 §9.3.6.
    BodyOfConnect,
    /// A chunk's size that is no number, or bytes behind it that are no extension, RFC 9112 §7.1.
    ChunkSize,
    /// A chunk that does not end where its size says, RFC 9112 §7.1.
    ChunkEnd,
    /// A trailer that frames a body, RFC 9110 §6.5.1.
    Trailer,
}

impl Framing {
    /// For a connection on which nothing has come.
    pub fn new() -> Framing {
        let begun = Begun { kept: [0; LINE_KEPT], len: 0, last: 0 };
        Framing { state: State::Preface(0), begun, head: Head::default() }
    }

    /// Reads the connection's next bytes. After an error, it must not be asked again.
    ///
    /// # Errors
    /// [`Refused`] at the first violation.
    pub fn read(&mut self, piece: &[u8]) -> Result<(), Refused> {
        let mut at = 0;
        while let Some(rest) = piece.get(at..).filter(|rest| !rest.is_empty()) {
            at += match self.state {
                State::Line(_) => self.lines(rest).map_err(|refused| Refused { at: at + refused.at, ..refused })?,
                State::Data(left, then) => self.data(left, then, rest.len()),
                State::Preface(known) => self.preface(known, rest)?,
                State::Other => return Ok(()),
            };
        }
        Ok(())
    }

    /// Whether the connection is a tunnel now, or has spoken HTTP/2 from the beginning.
    pub fn is_other(&self) -> bool {
        matches!(self.state, State::Other)
    }

    /// Whether a request has begun whose end has not come.
    pub fn is_amid_request(&self) -> bool {
        let begins = matches!(self.state, State::Preface(0) | State::Line(Line::Request | Line::RequestAfterEmpty));
        !begins || self.begun.len > 0
    }

    /// Bytes of a body; gives how many.
    fn data(&mut self, left: u64, then: Line, available: usize) -> usize {
        // What is not more than a `usize` is one.
        let taken = left.min(available as u64);
        self.state = if taken == left { State::Line(then) } else { State::Data(left - taken, then) };
        taken as usize
    }

    /// The connection's first bytes. What looked like the preface and is none was the beginning of a request.
    fn preface(&mut self, known: usize, rest: &[u8]) -> Result<usize, Refused> {
        let (expected, seen) = (&PREFACE[known..], &rest[..rest.len().min(PREFACE.len() - known)]);
        if !expected.starts_with(seen) {
            self.state = State::Line(Line::Request);
            return self.read(&PREFACE[..known]).map(|()| 0).map_err(|refused| Refused { at: 0, ..refused });
        }
        let known = known + seen.len();
        self.state = if known == PREFACE.len() { State::Other } else { State::Preface(known) };
        Ok(seen.len())
    }

    /// Lines, as far as there are any; gives how many bytes that is. An error tells where the line's end is.
    fn lines(&mut self, rest: &[u8]) -> Result<usize, Refused> {
        let (mut ends, mut from) = (memchr_iter(b'\n', rest), 0);
        while let State::Line(line) = self.state {
            let Some(end) = ends.next() else {
                self.begun.extend(&rest[from..]);
                return Ok(rest.len());
            };
            self.state =
                self.line(line, &rest[from..end]).map_err(|why| Refused { at: end, in_head: line.in_head(), why })?;
            from = end + 1;
        }
        Ok(from)
    }

    /// A line, or what is left of the one that has begun; gives what follows.
    #[inline]
    fn line(&mut self, line: Line, end: &[u8]) -> Result<State, Violation> {
        if self.begun.len == 0 {
            return ended(end).and_then(|(text, whole)| self.head.line(line, text, whole));
        }
        self.begun.extend(end);
        let next = self.begun.ended().and_then(|(text, whole)| self.head.line(line, text, whole));
        self.begun.len = 0;
        next
    }
}

impl Line {
    fn in_head(self) -> bool {
        matches!(self, Line::Request | Line::RequestAfterEmpty | Line::Header)
    }
}

/// A line without its CR, as far as it is kept of lines that arrive in pieces, and whether that is all of it.
fn ended(line: &[u8]) -> Result<(&[u8], bool), Violation> {
    let text = line.strip_suffix(b"\r").ok_or(Violation::LineEnd)?;
    Ok((&text[..text.len().min(LINE_KEPT)], text.len() <= LINE_KEPT))
}

impl Begun {
    fn extend(&mut self, piece: &[u8]) {
        let from = self.len.min(LINE_KEPT);
        let kept = piece.len().min(LINE_KEPT - from);
        self.kept[from..from + kept].copy_from_slice(&piece[..kept]);
        self.len += piece.len();
        self.last = piece.last().copied().unwrap_or(self.last);
    }

    /// The same as [`ended`] of the whole line.
    fn ended(&self) -> Result<(&[u8], bool), Violation> {
        match self.last {
            b'\r' => Ok((&self.kept[..(self.len - 1).min(LINE_KEPT)], self.len - 1 <= LINE_KEPT)),
            _ => Err(Violation::LineEnd),
        }
    }
}

impl Head {
    /// Takes in a line, which may be cut off if it is not `whole`; gives what follows.
    fn line(&mut self, line: Line, text: &[u8], whole: bool) -> Result<State, Violation> {
        match line {
            Line::Request if text.is_empty() => Ok(State::Line(Line::RequestAfterEmpty)),
            Line::RequestAfterEmpty if text.is_empty() => Err(Violation::EmptyLines),
            Line::Request | Line::RequestAfterEmpty => {
                *self = Head { is_connect: text.starts_with(b"CONNECT "), ..Head::default() };
                Ok(State::Line(Line::Header))
            }
            Line::Header if text.is_empty() => self.end(),
            Line::Header => self.header(text, whole).map(|()| State::Line(Line::Header)),
            Line::ChunkSize => match chunk_size(text, whole).ok_or(Violation::ChunkSize)? {
                0 => Ok(State::Line(Line::Trailer)),
                size => Ok(State::Data(size, Line::ChunkEnd)),
            },
            Line::ChunkEnd if text.is_empty() => Ok(State::Line(Line::ChunkSize)),
            Line::ChunkEnd => Err(Violation::ChunkEnd),
            Line::Trailer if text.is_empty() => Ok(State::Line(Line::Request)),
            Line::Trailer => trailer(text).map(|()| State::Line(Line::Trailer)),
        }
    }

    fn header(&mut self, text: &[u8], whole: bool) -> Result<(), Violation> {
        match field(text)? {
            None => return Ok(()),
            Some(Field::Length(value)) => {
                let length = number(value).filter(|_| whole && self.length.is_none());
                self.length = Some(length.ok_or(Violation::Length)?);
            }
            Some(Field::Coding(value)) => {
                if !whole || self.is_chunked || !trimmed(value).eq_ignore_ascii_case(b"chunked") {
                    return Err(Violation::Coding);
                }
                self.is_chunked = true;
            }
        }
        if self.is_chunked && self.length.is_some() { Err(Violation::LengthAndCoding) } else { Ok(()) }
    }

    /// The head has ended.
    fn end(&self) -> Result<State, Violation> {
        match self.length {
            Some(1..) if self.is_connect => Err(Violation::BodyOfConnect),
            _ if self.is_connect && self.is_chunked => Err(Violation::BodyOfConnect),
            _ if self.is_connect => Ok(State::Other),
            Some(length @ 1..) => Ok(State::Data(length, Line::Request)),
            _ if self.is_chunked => Ok(State::Line(Line::ChunkSize)),
            _ => Ok(State::Line(Line::Request)),
        }
    }
}

/// The header that a line holds, if it frames a body.
fn field(line: &[u8]) -> Result<Option<Field<'_>>, Violation> {
    let value = |name: &[u8]| {
        let (found, value) = line.split_at_checked(name.len())?;
        value.strip_prefix(b":").filter(|_| found.eq_ignore_ascii_case(name))
    };
    match line.first() {
        Some(b' ' | b'\t') => Err(Violation::Folded),
        Some(b'C' | b'c') => Ok(value(b"content-length").map(Field::Length)),
        Some(b'T' | b't') => Ok(value(b"transfer-encoding").map(Field::Coding)),
        _ => Ok(None),
    }
}

fn trailer(line: &[u8]) -> Result<(), Violation> {
    field(line)?.map_or(Ok(()), |_| Err(Violation::Trailer))
}

/// A value without the white space around it.
fn trimmed(value: &[u8]) -> &[u8] {
    let is_text = |byte: &u8| !matches!(byte, b' ' | b'\t');
    let from = value.iter().position(is_text).unwrap_or(value.len());
    let to = value.iter().rposition(is_text).map_or(from, |last| last + 1);
    &value[from..to]
}

/// A length in decimal digits.
fn number(value: &[u8]) -> Option<u64> {
    let digits = trimmed(value);
    let digit = |total: u64, byte: &u8| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        total.checked_mul(10)?.checked_add(digit)
    };
    (!digits.is_empty()).then(|| digits.iter().try_fold(0, digit)).flatten()
}

/// A chunk's size: hexadecimal digits, and perhaps extensions, which mean nothing to anybody.
fn chunk_size(line: &[u8], whole: bool) -> Option<u64> {
    let digits = line.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(line.len());
    let (size, extensions) = line.split_at(digits);
    let sound = match extensions {
        [] => true,
        [b';', text @ ..] => text.iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~')),
        _ => false,
    };
    let size = std::str::from_utf8(size).ok().filter(|_| sound && whole && digits <= SIZE_DIGITS_MAX)?;
    u64::from_str_radix(size, 16).ok()
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Violation::LineEnd => "a line ends without CR",
            Violation::EmptyLines => "more than one empty line before a request",
            Violation::Folded => "white space before a header's name",
            Violation::Length => "Content-Length is not one number",
            Violation::Coding => "Transfer-Encoding is not chunked, once",
            Violation::LengthAndCoding => "both Content-Length and Transfer-Encoding",
            Violation::BodyOfConnect => "CONNECT with a body",
            Violation::ChunkSize => "a chunk's size is not a number",
            Violation::ChunkEnd => "a chunk does not end where its size says",
            Violation::Trailer => "a trailer frames a body",
        })
    }
}

impl std::error::Error for Violation {}

#[cfg(test)]
#[path = "framing_tests.rs"]
mod tests;
