//! Filter patterns: which log events a filter lets through. Pure; knows messages, not where they are kept.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>

mod fields;
mod json;
mod operand;
mod scanner;
mod terms;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

/// A parsed filter pattern.
#[derive(Debug, Clone)]
pub struct Pattern(Kind);

#[derive(Debug, Clone)]
enum Kind {
    /// The empty pattern: every event.
    All,
    /// Words, phrases and regular expressions somewhere in the text.
    Terms(terms::Terms),
    /// `{ … }`: conditions on members of a JSON message.
    Json(json::Condition),
    /// `[ … ]`: conditions on the words of a space-delimited message.
    Fields(fields::Fields),
}

/// Why a text is no filter pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternError {
    /// An unquoted term has a character that needs quotes.
    TermCharacter(String),
    /// A regular expression that the dialect does not have.
    Regex(String),
    /// More regular expressions than a pattern may have.
    RegexCount,
    /// Anything else that does not follow the grammar.
    Syntax,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PatternError::TermCharacter(term) => write!(f, "Invalid character(s) in term '{term}'"),
            PatternError::Regex(text) => write!(f, "Invalid regular expression in filter pattern: {text}"),
            PatternError::RegexCount => {
                f.write_str("Invalid filter pattern: at most 2 regular expressions are allowed")
            }
            PatternError::Syntax => f.write_str("Invalid filter pattern"),
        }
    }
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// If the text follows none of the three forms.
    pub fn parse(text: &str) -> Result<Pattern, PatternError> {
        let text = text.trim();
        Ok(Pattern(match text.as_bytes() {
            [] => Kind::All,
            [b'{', ..] => Kind::Json(json::parse(text)?),
            [b'[', ..] => Kind::Fields(fields::parse(text)?),
            _ => Kind::Terms(terms::parse(text)?),
        }))
    }

    /// Whether the pattern lets every event through.
    pub fn is_all(&self) -> bool {
        matches!(self.0, Kind::All)
    }

    /// Whether an event with this message passes.
    pub fn matches(&self, message: &str) -> bool {
        match &self.0 {
            Kind::All => true,
            Kind::Terms(terms) => terms.matches(message),
            Kind::Json(condition) => serde_json::from_str(message).is_ok_and(|value| condition.matches(&value)),
            Kind::Fields(fields) => fields.matches(&fields::split(message)),
        }
    }

    /// The values that the pattern names, for a message that passes: `$word` of space-delimited messages, `$.path` of
    /// JSON messages; `None` for one that does not pass.
    pub fn extract(&self, message: &str) -> Option<BTreeMap<String, String>> {
        match &self.0 {
            Kind::Json(condition) => {
                let value = serde_json::from_str(message).ok().filter(|value| condition.matches(value))?;
                Some(condition.extract(&value))
            }
            Kind::Fields(fields) => {
                let words = fields::split(message);
                fields.matches(&words).then(|| fields.extract(&words))
            }
            _ => self.matches(message).then(BTreeMap::new),
        }
    }
}
