//! Texts of a policy that are more than they say: wildcards (`*`, `?`) and policy variables (`${aws:username}`).
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use crate::Keys;
use std::borrow::Cow;

/// Whether `${…}` stands for a request's value. Only version 2012-10-17 knows variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variables {
    Expand,
    Literal,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Text(String),
    /// A condition key, and the value to take if the request lacks it.
    Variable(String, Option<String>),
    One,
    Many,
}

/// A text with wildcards and variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern(Shape);

/// The shapes that most patterns have are matched without looking at tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    Any,
    Exact(String),
    Prefix(String),
    General(Vec<Token>),
}

impl Pattern {
    /// Compiles a text in which `*` and `?` are wildcards.
    pub(crate) fn new(text: &str, variables: Variables) -> Pattern {
        let tokens = tokens(text, variables, true);
        Pattern(match tokens.as_slice() {
            [] => Shape::Exact(String::new()),
            [Token::Many] => Shape::Any,
            [Token::Text(text)] => Shape::Exact(text.clone()),
            [Token::Text(text), Token::Many] => Shape::Prefix(text.clone()),
            _ => Shape::General(tokens),
        })
    }

    /// Whether what it matches depends on the request's keys.
    pub(crate) fn uses_keys(&self) -> bool {
        matches!(&self.0, Shape::General(tokens) if tokens.iter().any(|token| matches!(token, Token::Variable(..))))
    }

    /// Whether the text is of this pattern; `None` if the pattern has a variable for which the request has no value.
    pub(crate) fn matches(&self, text: &str, keys: &Keys) -> Option<bool> {
        match &self.0 {
            Shape::Any => Some(true),
            Shape::Exact(exact) => Some(text == exact),
            Shape::Prefix(prefix) => Some(text.starts_with(prefix.as_str())),
            Shape::General(tokens) => {
                let pieces: Option<Vec<Piece<'_>>> = tokens.iter().map(|token| token.piece(keys)).collect();
                pieces.map(|pieces| glob(&pieces, text))
            }
        }
    }
}

/// A text with variables in which `*` and `?` mean themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(Vec<Token>);

impl Template {
    /// Compiles a text.
    pub(crate) fn new(text: &str, variables: Variables) -> Template {
        Template(tokens(text, variables, false))
    }

    /// The text with the request's values; `None` if the request lacks one.
    pub(crate) fn expand<'a>(&'a self, keys: &'a Keys) -> Option<Cow<'a, str>> {
        if let [token] = self.0.as_slice() {
            return token.text(keys).map(Cow::Borrowed);
        }
        let texts: Option<Vec<&str>> = self.0.iter().map(|token| token.text(keys)).collect();
        Some(Cow::Owned(texts?.concat()))
    }
}

enum Piece<'a> {
    Text(&'a str),
    One,
    Many,
}

impl Token {
    fn piece<'a>(&'a self, keys: &'a Keys) -> Option<Piece<'a>> {
        match self {
            Token::One => Some(Piece::One),
            Token::Many => Some(Piece::Many),
            text => text.text(keys).map(Piece::Text),
        }
    }

    fn text<'a>(&'a self, keys: &'a Keys) -> Option<&'a str> {
        match self {
            Token::Text(text) => Some(text),
            Token::Variable(key, default) => keys.single(key).or(default.as_deref()),
            Token::One => Some("?"),
            Token::Many => Some("*"),
        }
    }
}

fn tokens(text: &str, variables: Variables, wildcards: bool) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (token, length) = next_token(rest, variables, wildcards);
        rest = &rest[length..];
        push(&mut tokens, token);
    }
    tokens
}

/// The token that the text begins with and its length in bytes, at least 1.
fn next_token(rest: &str, variables: Variables, wildcards: bool) -> (Token, usize) {
    if variables == Variables::Expand
        && let Some(found) = variable(rest)
    {
        return found;
    }
    match rest.as_bytes()[0] {
        b'*' if wildcards => (Token::Many, 1),
        b'?' if wildcards => (Token::One, 1),
        first => {
            let special = |c| matches!(c, '*' | '?' | '$');
            // A `$` that begins no variable, or a wildcard that is none here, stands for itself.
            let from = usize::from(matches!(first, b'*' | b'?' | b'$'));
            let length = rest[from..].find(special).map_or(rest.len(), |n| n + from);
            (Token::Text(rest[..length].to_owned()), length)
        }
    }
}

/// Reads `${key}`, `${key, 'default'}` or one of the escapes `${*}`, `${?}`, `${$}`.
fn variable(rest: &str) -> Option<(Token, usize)> {
    let body = rest.strip_prefix("${")?;
    let end = body.find('}')?;
    let body = &body[..end];
    let token = match body {
        "*" | "?" | "$" => Token::Text(body.to_owned()),
        _ => match body.split_once(',') {
            None => Token::Variable(body.trim().to_owned(), None),
            Some((key, default)) => {
                let default = default.trim().strip_prefix('\'')?.strip_suffix('\'')?;
                Token::Variable(key.trim().to_owned(), Some(default.to_owned()))
            }
        },
    };
    Some((token, end + 3))
}

fn push(tokens: &mut Vec<Token>, token: Token) {
    match (tokens.last_mut(), token) {
        (Some(Token::Text(text)), Token::Text(more)) => text.push_str(&more),
        (Some(Token::Many), Token::Many) => {}
        (_, token) => tokens.push(token),
    }
}

/// Matches with one point of return, the last `*`: at most `pieces × text` steps.
fn glob(pieces: &[Piece<'_>], text: &str) -> bool {
    let (mut at, mut rest) = (0, text);
    let mut star: Option<(usize, &str)> = None;
    loop {
        match step(pieces.get(at), rest) {
            Step::Done => return true,
            Step::On(after) => (at, rest) = (at + 1, after),
            Step::Star if at + 1 == pieces.len() => return true,
            Step::Star => {
                at += 1;
                star = Some((at, rest));
            }
            Step::No => {
                // Let the last `*` take one character more.
                let Some((after, from)) = star else { return false };
                let Some(from) = skip_character(from) else { return false };
                star = Some((after, from));
                (at, rest) = (after, from);
            }
        }
    }
}

enum Step<'a> {
    Done,
    On(&'a str),
    Star,
    No,
}

fn step<'a>(piece: Option<&Piece<'_>>, rest: &'a str) -> Step<'a> {
    let after = match piece {
        None if rest.is_empty() => return Step::Done,
        None => None,
        Some(Piece::Many) => return Step::Star,
        Some(Piece::One) => skip_character(rest),
        Some(Piece::Text(text)) => rest.strip_prefix(text),
    };
    after.map_or(Step::No, Step::On)
}

fn skip_character(text: &str) -> Option<&str> {
    let mut characters = text.chars();
    characters.next().map(|_| characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards() {
        let cases = [
            ("*", "", true),
            ("*", "anything:at/all", true),
            ("", "", true),
            ("", "x", false),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::b/k", true),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::b/", true),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::b", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a?c", "aéc", true),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b", "xxaxxbxx", false),
            ("a*b*c", "abbbcbc", true),
            ("a*b*c", "abbbcbd", false),
            ("**", "x", true),
            ("a**b", "ab", true),
            ("ABC", "abc", false),
            ("$a", "$a", true),
        ];
        for (pattern, text, expect) in cases {
            let got = Pattern::new(pattern, Variables::Expand).matches(text, &Keys::new());
            assert_eq!(got, Some(expect), "{pattern} on {text}");
        }
    }

    #[test]
    fn variables() {
        let keys: Keys = [("aws:username", "alice"), ("aws:PrincipalTag/team", "a*")].into_iter().collect();
        let cases = [
            ("home/${aws:username}/*", "home/alice/x", Some(true)),
            ("home/${aws:username}/*", "home/bob/x", Some(false)),
            ("home/${AWS:UserName}", "home/alice", Some(true)),
            ("${aws:PrincipalTag/team}", "a*", Some(true)),
            ("${aws:PrincipalTag/team}", "abc", Some(false)),
            ("${aws:PrincipalTag/none}", "x", None),
            ("${aws:PrincipalTag/none, 'x'}", "x", Some(true)),
            ("${aws:PrincipalTag/none,'x'}*", "xyz", Some(true)),
            ("${*}", "*", Some(true)),
            ("${*}", "x", Some(false)),
            ("${$}{aws:username}", "${aws:username}", Some(true)),
            ("${unclosed", "${unclosed", Some(true)),
            ("${a, unquoted}", "${a, unquoted}", Some(true)),
        ];
        for (pattern, text, expect) in cases {
            let got = Pattern::new(pattern, Variables::Expand).matches(text, &keys);
            assert_eq!(got, expect, "{pattern} on {text}");
        }
        let literal = Pattern::new("home/${aws:username}", Variables::Literal);
        assert_eq!(literal.matches("home/${aws:username}", &keys), Some(true));
    }

    #[test]
    fn knows_whether_it_needs_keys() {
        for (pattern, expect) in
            [("*", false), ("a?b*", false), ("${*}", false), ("${a:b}", true), ("x/${a:b}/*", true)]
        {
            assert_eq!(Pattern::new(pattern, Variables::Expand).uses_keys(), expect, "{pattern}");
        }
        assert!(!Pattern::new("${a:b}", Variables::Literal).uses_keys());
    }

    #[test]
    fn templates_keep_wildcards_as_they_are() {
        let keys: Keys = [("aws:username", "alice")].into_iter().collect();
        let expand = |text| Template::new(text, Variables::Expand).expand(&keys).map(Cow::into_owned);
        assert_eq!(expand("a*?${aws:username}").as_deref(), Some("a*?alice"));
        assert_eq!(expand("").as_deref(), Some(""));
        assert_eq!(expand("${aws:none}"), None);
    }
}
