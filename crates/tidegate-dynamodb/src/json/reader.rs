//! A pull parser over a whole body (RFC 8259). It borrows strings without escapes and never recurses by itself.

use std::borrow::Cow;
use std::fmt;

/// What AWS calls the type that it wanted, in its complaints about another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A 32-bit whole number.
    Integer,
    /// A 64-bit whole number.
    Long,
    /// Base64 text.
    Blob,
    /// A list.
    List,
    /// A map with any keys.
    Map,
    /// A structure with known members.
    Structure,
}

impl Target {
    fn name(self) -> &'static str {
        match self {
            Target::String => "String",
            Target::Boolean => "Boolean",
            Target::Integer => "Integer",
            Target::Long => "Long",
            Target::Blob => "Blob",
            Target::List => "List",
            Target::Map => "Map",
            Target::Structure => "Structure",
        }
    }
}

/// What stands at a place of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true`.
    True,
    /// `false`.
    False,
    /// A number.
    Number,
    /// A string.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
}

/// Why a body cannot be read; each becomes a `SerializationException`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyntaxError {
    /// The text is no JSON.
    Malformed,
    /// Another type stands where `Target` was wanted.
    Type(Target, Kind),
    /// A number with a fraction, or too large for the target.
    Range(Target),
    /// Text that is no base64.
    Base64,
    /// More levels than the limit.
    TooDeep,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // AWS answers malformed JSON without a message.
            SyntaxError::Malformed => Ok(()),
            SyntaxError::Type(_, Kind::Object) => f.write_str("Start of structure or map found where not expected"),
            SyntaxError::Type(Target::List | Target::Map, _) => f.write_str("Unexpected field type"),
            SyntaxError::Type(Target::Structure, _) => f.write_str("Unexpected value type in payload"),
            SyntaxError::Type(target, Kind::Array) => {
                write!(f, "Unrecognized collection type class java.lang.{}", target.name())
            }
            SyntaxError::Type(target, kind) => {
                write!(f, "{}_VALUE cannot be converted to {}", token(*kind), target.name())
            }
            SyntaxError::Range(target) => write!(f, "NUMBER_VALUE cannot be converted to {}", target.name()),
            SyntaxError::Base64 => f.write_str("Invalid Base64 encoding"),
            SyntaxError::TooDeep => f.write_str("Nesting is too deep"),
        }
    }
}

fn token(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "NULL",
        Kind::True => "TRUE",
        Kind::False => "FALSE",
        Kind::Number => "NUMBER",
        Kind::String => "STRING",
        Kind::Array => "ARRAY",
        Kind::Object => "OBJECT",
    }
}

type Result<T> = std::result::Result<T, SyntaxError>;

/// A place in a JSON text.
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// At the start of a body; `Malformed` if it is not UTF-8.
    pub fn new(body: &'a [u8]) -> Result<Reader<'a>> {
        Ok(Reader { text: std::str::from_utf8(body).map_err(|_| SyntaxError::Malformed)?, at: 0 })
    }

    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn space(&mut self) {
        while matches!(self.byte(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        self.space();
        let found = self.byte() == byte && self.at < self.text.len();
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<()> {
        if self.eat(byte) { Ok(()) } else { Err(SyntaxError::Malformed) }
    }

    /// What stands next.
    pub fn peek(&mut self) -> Result<Kind> {
        self.space();
        match self.byte() {
            b'"' => Ok(Kind::String),
            b'{' => Ok(Kind::Object),
            b'[' => Ok(Kind::Array),
            b't' => Ok(Kind::True),
            b'f' => Ok(Kind::False),
            b'n' => Ok(Kind::Null),
            b'-' | b'0'..=b'9' => Ok(Kind::Number),
            _ => Err(SyntaxError::Malformed),
        }
    }

    fn word(&mut self, word: &str) -> Result<()> {
        let found = self.text[self.at..].starts_with(word);
        self.at += if found { word.len() } else { 0 };
        if found { Ok(()) } else { Err(SyntaxError::Malformed) }
    }

    fn wanted(&mut self, target: Target) -> SyntaxError {
        self.peek().map_or(SyntaxError::Malformed, |kind| SyntaxError::Type(target, kind))
    }

    /// Takes a `null`, if one stands next.
    pub fn null(&mut self) -> Result<bool> {
        let found = self.peek()? == Kind::Null;
        if found {
            self.word("null")?;
        }
        Ok(found)
    }

    /// A boolean.
    pub fn boolean(&mut self) -> Result<bool> {
        match self.peek()? {
            Kind::True => self.word("true").map(|()| true),
            Kind::False => self.word("false").map(|()| false),
            kind => Err(SyntaxError::Type(Target::Boolean, kind)),
        }
    }

    /// A whole number that fits the target.
    pub fn integer(&mut self, target: Target) -> Result<i64> {
        if self.peek()? != Kind::Number {
            return Err(self.wanted(target));
        }
        let value = self.number()?.parse::<i64>().map_err(|_| SyntaxError::Range(target))?;
        let fits = target != Target::Integer || i32::try_from(value).is_ok();
        if fits { Ok(value) } else { Err(SyntaxError::Range(target)) }
    }

    fn number(&mut self) -> Result<&'a str> {
        let start = self.at;
        let digits = |r: &mut Self| {
            let from = r.at;
            while r.byte().is_ascii_digit() {
                r.at += 1;
            }
            if r.at > from { Ok(()) } else { Err(SyntaxError::Malformed) }
        };
        self.at += usize::from(self.byte() == b'-');
        let zero = self.byte() == b'0';
        digits(self)?;
        if zero && self.text.as_bytes()[start..self.at].iter().filter(|b| b.is_ascii_digit()).count() > 1 {
            return Err(SyntaxError::Malformed);
        }
        if self.byte() == b'.' {
            self.at += 1;
            digits(self)?;
        }
        if matches!(self.byte(), b'e' | b'E') {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), b'+' | b'-'));
            digits(self)?;
        }
        Ok(&self.text[start..self.at])
    }

    /// A string.
    pub fn string(&mut self) -> Result<Cow<'a, str>> {
        self.text(Target::String)
    }

    /// A string that stands for the target.
    pub fn text(&mut self, target: Target) -> Result<Cow<'a, str>> {
        if self.peek()? != Kind::String {
            return Err(self.wanted(target));
        }
        self.at += 1;
        let start = self.at;
        let bytes = &self.text.as_bytes()[start..];
        let plain = bytes.iter().position(|b| *b == b'"' || *b == b'\\' || *b < 0x20).ok_or(SyntaxError::Malformed)?;
        self.at += plain;
        if bytes[plain] == b'"' {
            self.at += 1;
            return Ok(Cow::Borrowed(&self.text[start..start + plain]));
        }
        self.escaped(self.text[start..start + plain].to_owned()).map(Cow::Owned)
    }

    fn escaped(&mut self, mut out: String) -> Result<String> {
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let plain =
                rest.iter().position(|b| *b == b'"' || *b == b'\\' || *b < 0x20).ok_or(SyntaxError::Malformed)?;
            out.push_str(&self.text[self.at..self.at + plain]);
            self.at += plain + 1;
            match rest[plain] {
                b'"' => return Ok(out),
                b'\\' => out.push(self.escape()?),
                _ => return Err(SyntaxError::Malformed),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let byte = self.byte();
        self.at += 1;
        Ok(match byte {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(SyntaxError::Malformed),
        })
    }

    fn unicode(&mut self) -> Result<char> {
        let first = self.hex4()?;
        if !(0xd800..0xe000).contains(&first) {
            return char::from_u32(first).ok_or(SyntaxError::Malformed);
        }
        let low = if first < 0xdc00 && self.text[self.at..].starts_with("\\u") {
            self.at += 2;
            self.hex4()?
        } else {
            0
        };
        let pair = (0xdc00..0xe000).contains(&low);
        // A lone surrogate has no UTF-8 form; Java's decoder puts the replacement character.
        if pair {
            char::from_u32(0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00)).ok_or(SyntaxError::Malformed)
        } else {
            Ok('\u{fffd}')
        }
    }

    fn hex4(&mut self) -> Result<u32> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(SyntaxError::Malformed)?;
        self.at += 4;
        let valid = digits.bytes().all(|b| b.is_ascii_hexdigit());
        if valid {
            u32::from_str_radix(digits, 16).map_err(|_| SyntaxError::Malformed)
        } else {
            Err(SyntaxError::Malformed)
        }
    }

    /// Calls back for each member of an object, placed at its value; members that are `null` count as absent.
    pub fn object<E: From<SyntaxError>>(
        &mut self,
        target: Target,
        mut member: impl FnMut(&mut Reader<'a>, Cow<'a, str>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        if self.peek()? != Kind::Object {
            return Err(self.wanted(target).into());
        }
        self.at += 1;
        if self.eat(b'}') {
            return Ok(());
        }
        loop {
            let name = self.key()?;
            if !self.null()? {
                member(self, name)?;
            }
            if !self.eat(b',') {
                return Ok(self.expect(b'}')?);
            }
        }
    }

    fn key(&mut self) -> Result<Cow<'a, str>> {
        self.space();
        if self.byte() != b'"' {
            return Err(SyntaxError::Malformed);
        }
        let name = self.string()?;
        self.expect(b':')?;
        Ok(name)
    }

    /// Calls back for each element of a list, placed at it.
    pub fn array<E: From<SyntaxError>>(
        &mut self,
        mut element: impl FnMut(&mut Reader<'a>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        if self.peek()? != Kind::Array {
            return Err(self.wanted(Target::List).into());
        }
        self.at += 1;
        if self.eat(b']') {
            return Ok(());
        }
        loop {
            element(self)?;
            if !self.eat(b',') {
                return Ok(self.expect(b']')?);
            }
        }
    }

    /// Steps over a value of any kind; checks brackets, strings and words, by a stack of its own.
    pub fn skip(&mut self) -> Result<()> {
        let mut open: Vec<bool> = Vec::new();
        loop {
            let opened = self.skip_one(&mut open)?;
            if opened && !self.closes(&mut open) {
                self.skip_key(&open)?;
                continue;
            }
            loop {
                let Some(object) = open.last().copied() else { return Ok(()) };
                if self.eat(b',') {
                    self.skip_key(&open)?;
                    break;
                }
                self.expect(if object { b'}' } else { b']' })?;
                open.pop();
            }
        }
    }

    /// Steps over a value of any kind and gives its text.
    pub fn raw_value(&mut self) -> Result<&'a str> {
        self.space();
        let start = self.at;
        self.skip()?;
        Ok(&self.text[start..self.at])
    }

    fn skip_one(&mut self, open: &mut Vec<bool>) -> Result<bool> {
        let kind = self.peek()?;
        match kind {
            Kind::Array | Kind::Object => {
                self.at += 1;
                open.push(kind == Kind::Object);
                if open.len() > crate::limits::JSON_LEVELS {
                    return Err(SyntaxError::TooDeep);
                }
            }
            Kind::String => drop(self.string()?),
            Kind::Number => drop(self.number()?),
            Kind::Null => self.word("null")?,
            Kind::True | Kind::False => drop(self.boolean()?),
        }
        Ok(matches!(kind, Kind::Array | Kind::Object))
    }

    fn closes(&mut self, open: &mut Vec<bool>) -> bool {
        let object = open.last().copied().unwrap_or(false);
        let closed = self.eat(if object { b'}' } else { b']' });
        if closed {
            open.pop();
        }
        closed
    }

    fn skip_key(&mut self, open: &[bool]) -> Result<()> {
        if open.last() == Some(&true) { self.key().map(drop) } else { Ok(()) }
    }

    /// Fails unless only white space is left.
    pub fn end(&mut self) -> Result<()> {
        self.space();
        if self.at == self.text.len() { Ok(()) } else { Err(SyntaxError::Malformed) }
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
