//! The right-hand side of a comparison: a number, a text with `*`, or a regular expression.

use super::{PatternError, scanner::Scanner};
use regex::Regex;

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// Reads an operator, if one is next.
    pub fn take(scanner: &mut Scanner<'_>) -> Option<Comparison> {
        use Comparison::*;
        // The longer ones first, for the shorter ones are their beginnings.
        let operators =
            [("!=", NotEqual), ("<=", LessOrEqual), (">=", GreaterOrEqual), ("=", Equal), ("<", Less), (">", Greater)];
        operators.into_iter().find(|(token, _)| scanner.take(token)).map(|(_, operator)| operator)
    }

    fn is_ordering(self) -> bool {
        !matches!(self, Comparison::Equal | Comparison::NotEqual)
    }
}

/// What a value is compared with.
#[derive(Debug, Clone)]
pub(super) enum Operand {
    /// A number, and the text that it was written as.
    Number(f64, String),
    /// A text; an unquoted or quoted `*` stands for any characters.
    Text(String),
    /// A regular expression to be found somewhere in the value.
    Regex(Regex),
}

impl Operand {
    /// Reads one; a bare word ends at a character that `stop` names.
    pub fn take(scanner: &mut Scanner<'_>, stop: impl Fn(char) -> bool) -> Result<Operand, PatternError> {
        scanner.skip_space();
        match scanner.peek() {
            Some('"') => scanner.quoted().map(Operand::Text),
            Some('%') => scanner.regex().map(Operand::Regex),
            _ => match scanner.bare(stop).trim() {
                "" => Err(PatternError::Syntax),
                word => Ok(Operand::word(word)),
            },
        }
    }

    fn word(word: &str) -> Operand {
        // Words such as "inf" and "nan" are text to AWS, numbers to Rust.
        let number = word.parse::<f64>().ok().filter(|_| word.contains(|c: char| c.is_ascii_digit()));
        number.map_or_else(|| Operand::Text(word.to_owned()), |n| Operand::Number(n, word.to_owned()))
    }

    /// Whether the comparison makes sense with this operand: only numbers have an order.
    pub fn fits(&self, comparison: Comparison) -> bool {
        !comparison.is_ordering() || matches!(self, Operand::Number(..))
    }

    /// Compares a text of the event with this operand.
    pub fn compare(&self, comparison: Comparison, text: &str) -> bool {
        match (self, text.trim().parse::<f64>()) {
            (Operand::Number(wanted, _), Ok(found)) => self.compare_number(comparison, found, *wanted),
            _ => match comparison {
                Comparison::Equal => self.equals(text),
                Comparison::NotEqual => !self.equals(text),
                _ => false,
            },
        }
    }

    fn compare_number(&self, comparison: Comparison, found: f64, wanted: f64) -> bool {
        match comparison {
            Comparison::Equal => found == wanted,
            Comparison::NotEqual => found != wanted,
            Comparison::Less => found < wanted,
            Comparison::LessOrEqual => found <= wanted,
            Comparison::Greater => found > wanted,
            Comparison::GreaterOrEqual => found >= wanted,
        }
    }

    fn equals(&self, text: &str) -> bool {
        match self {
            Operand::Number(_, written) => written == text,
            Operand::Text(glob) => matches_glob(glob, text),
            Operand::Regex(regex) => regex.is_match(text),
        }
    }
}

/// Whether the text is the pattern, where `*` stands for any characters. Linear: the first fit of each piece is as good
/// as any later one.
fn matches_glob(glob: &str, text: &str) -> bool {
    let Some((first, rest)) = glob.split_once('*') else { return glob == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for piece in middle.split('*') {
        match text.find(piece) {
            Some(at) => text = &text[at + piece.len()..],
            None => return false,
        }
    }
    text.ends_with(last)
}
