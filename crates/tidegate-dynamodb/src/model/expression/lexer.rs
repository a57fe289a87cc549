//! Expression text to tokens. Never fails: what is no token becomes one that no rule accepts.

/// A token's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A bare word.
    Word,
    /// `#name`.
    Name,
    /// `:value`.
    Value,
    /// Digits.
    Digits,
    /// A mark or operator of one or two characters.
    Mark,
    /// Anything else.
    Unknown,
    /// The end.
    End,
}

/// A token and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Its kind.
    pub kind: Kind,
    /// First byte.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
}

/// All tokens of the text, the end's among them.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::with_capacity(text.len() / 3 + 1);
    let mut at = 0;
    loop {
        at += text[at..].len() - text[at..].trim_start_matches([' ', '\t', '\r', '\n']).len();
        let token = next(text, at);
        found.push(token);
        if token.kind == Kind::End {
            return found;
        }
        at = token.end;
    }
}

fn next(text: &str, start: usize) -> Token {
    let rest = &text[start..];
    let word = |from: usize| rest[from..].bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    let (kind, length) = match rest.as_bytes().first() {
        None => (Kind::End, 0),
        Some(b'#') => (Kind::Name, 1 + word(1)),
        Some(b':') => (Kind::Value, 1 + word(1)),
        Some(b) if b.is_ascii_digit() => (Kind::Digits, rest.bytes().take_while(u8::is_ascii_digit).count()),
        Some(b) if b.is_ascii_alphabetic() || *b == b'_' => (Kind::Word, word(0)),
        Some(_) if ["<=", ">=", "<>"].iter().any(|m| rest.starts_with(m)) => (Kind::Mark, 2),
        Some(b'(' | b')' | b'[' | b']' | b'.' | b',' | b'=' | b'<' | b'>' | b'+' | b'-') => (Kind::Mark, 1),
        Some(_) => (Kind::Unknown, rest.chars().next().map_or(1, char::len_utf8)),
    };
    // A placeholder without a name is no token of the language.
    let kind = if matches!(kind, Kind::Name | Kind::Value) && length == 1 { Kind::Unknown } else { kind };
    Token { kind, start, end: start + length }
}
