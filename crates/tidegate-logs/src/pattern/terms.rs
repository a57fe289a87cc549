//! Patterns of terms: `ERROR`, `"exact phrase"`, `?either ?or`, `-without`, `%regex%`.

use super::{PatternError, scanner::Scanner};
use regex::Regex;

/// The terms of a pattern, by what they ask for.
#[derive(Debug, Clone, Default)]
pub(super) struct Terms {
    required: Vec<Term>,
    optional: Vec<Term>,
    excluded: Vec<Term>,
}

#[derive(Debug, Clone)]
enum Term {
    Text(String),
    Regex(Regex),
}

impl Term {
    fn is_in(&self, message: &str) -> bool {
        match self {
            Term::Text(text) => message.contains(text.as_str()),
            Term::Regex(regex) => regex.is_match(message),
        }
    }
}

impl Terms {
    pub fn matches(&self, message: &str) -> bool {
        let excluded = self.excluded.iter().any(|term| term.is_in(message));
        let required = self.required.iter().all(|term| term.is_in(message));
        // AWS ignores optional terms beside required or excluded ones.
        let alone = self.required.is_empty() && self.excluded.is_empty();
        let optional = !alone || self.optional.iter().any(|term| term.is_in(message));
        !excluded && required && optional
    }
}

pub(super) fn parse(text: &str) -> Result<Terms, PatternError> {
    let mut scanner = Scanner::new(text);
    let mut terms = Terms::default();
    while !scanner.is_done() {
        let kind = if scanner.take("?") {
            &mut terms.optional
        } else if scanner.take("-") {
            &mut terms.excluded
        } else {
            &mut terms.required
        };
        kind.push(term(&mut scanner)?);
        scanner.skip_space();
    }
    Ok(terms)
}

fn term(scanner: &mut Scanner<'_>) -> Result<Term, PatternError> {
    match scanner.peek() {
        Some('"') => scanner.quoted().map(Term::Text),
        Some('%') => scanner.regex().map(Term::Regex),
        _ => match scanner.bare(char::is_whitespace) {
            "" => Err(PatternError::Syntax),
            word if word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '*')) => {
                Ok(Term::Text(word.to_owned()))
            }
            word => Err(PatternError::TermCharacter(word.to_owned())),
        },
    }
}
