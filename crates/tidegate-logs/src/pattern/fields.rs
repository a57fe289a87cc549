//! Patterns on space-delimited messages: `[ip, user, ..., status = 4* || status = 5*, bytes > 1000]`.

use super::operand::{Comparison, Operand};
use super::{PatternError, scanner::Scanner};
use std::collections::BTreeMap;

/// The columns of a pattern; those behind the ellipsis are counted from the end of the message.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    leading: Vec<Field>,
    /// `None` without an ellipsis: then the message has exactly the leading columns.
    trailing: Option<Vec<Field>>,
}

/// One column: its name, and its conditions as alternatives of conjunctions.
#[derive(Debug, Clone)]
struct Field {
    name: String,
    conditions: Vec<Vec<(Comparison, Operand)>>,
}

impl Field {
    fn matches(&self, word: &str) -> bool {
        let all = |part: &Vec<(Comparison, Operand)>| part.iter().all(|(how, what)| what.compare(*how, word));
        self.conditions.is_empty() || self.conditions.iter().any(all)
    }
}

impl Fields {
    pub fn matches(&self, words: &[&str]) -> bool {
        let trailing = self.trailing.as_deref().unwrap_or_default();
        let columns = self.leading.len() + trailing.len();
        let count = if self.trailing.is_some() { words.len() >= columns } else { words.len() == columns };
        count && self.pairs(words).all(|(field, word)| field.matches(word))
    }

    /// The words of a message that passes, by `$name`.
    pub fn extract(&self, words: &[&str]) -> BTreeMap<String, String> {
        self.pairs(words).map(|(field, word)| (format!("${}", field.name), word.to_owned())).collect()
    }

    fn pairs<'a>(&'a self, words: &'a [&'a str]) -> impl Iterator<Item = (&'a Field, &'a str)> {
        let trailing = self.trailing.as_deref().unwrap_or_default();
        let tail = words.len().saturating_sub(trailing.len());
        let head = self.leading.iter().zip(words.iter().copied());
        head.chain(trailing.iter().zip(words[tail..].iter().copied()))
    }
}

/// The words of a message; what stands in quotes or brackets is one word.
pub(super) fn split(message: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = message.trim();
    while !rest.is_empty() {
        let close = match rest.as_bytes()[0] {
            b'"' => Some('"'),
            b'[' => Some(']'),
            _ => None,
        };
        let enclosed = close.and_then(|close| rest[1..].split_once(close));
        let (word, after) = enclosed.unwrap_or_else(|| rest.split_once(char::is_whitespace).unwrap_or((rest, "")));
        words.push(word);
        rest = after.trim_start();
    }
    words
}

pub(super) fn parse(text: &str) -> Result<Fields, PatternError> {
    let mut scanner = Scanner::new(text);
    scanner.expect("[")?;
    let mut fields = Fields { leading: Vec::new(), trailing: None };
    loop {
        if scanner.take("...") {
            if fields.trailing.replace(Vec::new()).is_some() {
                return Err(PatternError::Syntax);
            }
        } else {
            let position = fields.leading.len() + fields.trailing.as_ref().map_or(0, |t| t.len() + 1) + 1;
            let field = field(&mut scanner, position)?;
            fields.trailing.as_mut().unwrap_or(&mut fields.leading).push(field);
        }
        if !scanner.take(",") {
            break;
        }
    }
    scanner.expect("]")?;
    scanner.skip_space();
    if scanner.is_done() { Ok(fields) } else { Err(PatternError::Syntax) }
}

/// One column; without a name it is called by its position.
fn field(scanner: &mut Scanner<'_>, position: usize) -> Result<Field, PatternError> {
    let mut field = Field { name: position.to_string(), conditions: Vec::new() };
    let name = name(scanner)?;
    let Some(comparison) = Comparison::take(scanner) else {
        return if name.is_empty() { Ok(field) } else { Ok(Field { name: name.to_owned(), ..field }) };
    };
    field.name = if name.is_empty() { field.name } else { name.to_owned() };
    let mut part = vec![(comparison, operand(scanner, comparison)?)];
    loop {
        if scanner.take("&&") {
            part.push(condition(scanner, name)?);
        } else if scanner.take("||") {
            let next = condition(scanner, name)?;
            field.conditions.push(std::mem::replace(&mut part, vec![next]));
        } else {
            break;
        }
    }
    field.conditions.push(part);
    Ok(field)
}

fn name<'a>(scanner: &mut Scanner<'a>) -> Result<&'a str, PatternError> {
    scanner.skip_space();
    let name = scanner.bare(|c| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$')));
    if name.starts_with('.') { Err(PatternError::Syntax) } else { Ok(name) }
}

/// A further condition of the same column; AWS wants its name repeated.
fn condition(scanner: &mut Scanner<'_>, column: &str) -> Result<(Comparison, Operand), PatternError> {
    if name(scanner)? != column {
        return Err(PatternError::Syntax);
    }
    let comparison = Comparison::take(scanner).ok_or(PatternError::Syntax)?;
    Ok((comparison, operand(scanner, comparison)?))
}

fn operand(scanner: &mut Scanner<'_>, comparison: Comparison) -> Result<Operand, PatternError> {
    let operand = Operand::take(scanner, |c| matches!(c, ',' | ']' | '&' | '|') || c.is_whitespace())?;
    if operand.fits(comparison) { Ok(operand) } else { Err(PatternError::Syntax) }
}
