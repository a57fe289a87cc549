//! Reads the pieces that all pattern forms share: quoted texts, regular expressions, bare words.

use super::PatternError;
use crate::limits::{PATTERN_REGEX_BYTES_MAX, PATTERN_REGEXES_MAX};
use regex::Regex;

/// A place in a pattern.
pub(super) struct Scanner<'a> {
    rest: &'a str,
    regexes: usize,
}

impl<'a> Scanner<'a> {
    pub fn new(text: &'a str) -> Scanner<'a> {
        Scanner { rest: text, regexes: 0 }
    }

    pub fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    pub fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    pub fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Takes this token, after white space, if it is next.
    pub fn take(&mut self, token: &str) -> bool {
        self.skip_space();
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Takes this keyword, in any case, if it is next and no longer word.
    pub fn take_word(&mut self, word: &str) -> bool {
        self.skip_space();
        let found = self.rest.get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word))
            && !self.rest[word.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
        if found {
            self.rest = &self.rest[word.len()..];
        }
        found
    }

    pub fn expect(&mut self, token: &str) -> Result<(), PatternError> {
        if self.take(token) { Ok(()) } else { Err(PatternError::Syntax) }
    }

    /// Everything up to the first character that `stop` names.
    pub fn bare(&mut self, stop: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(stop).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    /// A text in double quotes, where `\"` is a quote; the opening quote is next.
    pub fn quoted(&mut self) -> Result<String, PatternError> {
        let mut text = String::new();
        let mut characters = self.rest.char_indices().skip(1);
        while let Some((at, c)) = characters.next() {
            match c {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(text);
                }
                '\\' => match characters.next() {
                    Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
                    Some((_, other)) => text.extend(['\\', other]),
                    None => break,
                },
                c => text.push(c),
            }
        }
        Err(PatternError::Syntax)
    }

    /// A regular expression between percent signs; the first one is next.
    pub fn regex(&mut self) -> Result<Regex, PatternError> {
        let end = self.rest[1..].find('%').ok_or(PatternError::Syntax)? + 1;
        let text = &self.rest[1..end];
        self.rest = &self.rest[end + 1..];
        self.regexes += 1;
        if self.regexes > PATTERN_REGEXES_MAX {
            return Err(PatternError::RegexCount);
        }
        regex(text)
    }
}

/// Compiles a regular expression of AWS' small dialect: no groups, no multi-byte characters, few symbols. It runs in
/// time linear in the text.
fn regex(text: &str) -> Result<Regex, PatternError> {
    let wrong = || PatternError::Regex(text.to_owned());
    let mut escaped = false;
    for c in text.chars() {
        let known = c.is_ascii_alphanumeric() || c == ' ' || "_#=@/;,-:^$?[]{}|\\*+.".contains(c);
        // Behind a backslash any ASCII symbol stands for itself.
        if !(known || escaped && c.is_ascii_graphic()) {
            return Err(wrong());
        }
        escaped = c == '\\' && !escaped;
    }
    let mut builder = regex::RegexBuilder::new(text);
    let regex = builder.size_limit(PATTERN_REGEX_BYTES_MAX).build();
    regex.ok().filter(|_| !text.is_empty()).ok_or_else(wrong)
}
