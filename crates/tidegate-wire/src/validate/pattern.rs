//! The model's regular expressions. They are written for Java, match whole texts, and are compiled when first needed.

use crate::limits::PATTERN_BYTES_MAX;
use regex::{Regex, RegexBuilder};
use std::collections::HashMap;
use std::iter::Peekable;
use std::str::Chars;
use std::sync::{Arc, LazyLock, RwLock};

/// What a pattern asks: to match all of the first, none of the second.
struct Compiled {
    must: Vec<Regex>,
    must_not: Vec<Regex>,
}

static CACHE: LazyLock<RwLock<HashMap<&'static str, Arc<Compiled>>>> = LazyLock::new(RwLock::default);

/// Whether the whole text matches. The patterns come from the model, so the cache cannot outgrow it.
pub(super) fn matches(pattern: &'static str, text: &str) -> bool {
    let compiled = compiled(pattern);
    compiled.must.iter().all(|r| r.is_match(text)) && !compiled.must_not.iter().any(|r| r.is_match(text))
}

fn compiled(pattern: &'static str) -> Arc<Compiled> {
    // A poisoned lock still guards a sound map: entries are inserted whole.
    if let Some(found) = CACHE.read().unwrap_or_else(|e| e.into_inner()).get(pattern) {
        return found.clone();
    }
    let compiled = Arc::new(compile(pattern));
    CACHE.write().unwrap_or_else(|e| e.into_inner()).insert(pattern, compiled.clone());
    compiled
}

fn compile(pattern: &str) -> Compiled {
    match SPLIT.iter().find(|(original, ..)| *original == pattern) {
        Some((_, must, must_not)) => Compiled {
            must: must.iter().filter_map(|p| whole(p)).collect(),
            must_not: must_not.iter().filter_map(|p| whole(p)).collect(),
        },
        // A pattern that we cannot express checks nothing; a test says that there is none.
        None => Compiled { must: whole(pattern).into_iter().collect(), must_not: Vec::new() },
    }
}

fn whole(pattern: &str) -> Option<Regex> {
    let translated = format!(r"\A(?:{})\z", from_java(pattern));
    RegexBuilder::new(&translated).size_limit(PATTERN_BYTES_MAX).build().ok()
}

/// The same expression in the `regex` crate's dialect: `\d`, `\w` and `\s` mean ASCII in Java, and a dash, ampersand or
/// tilde in a class is no operator.
fn from_java(pattern: &str) -> String {
    let plain = NAMED.iter().fold(pattern.to_owned(), |p, (java, ours)| p.replace(java, ours));
    let mut chars = plain.chars().peekable();
    let mut out = String::with_capacity(pattern.len() + 16);
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                escape(&mut out, chars.next(), false);
            }
            '[' => class(&mut out, &mut chars),
            _ => out.push(c),
        }
    }
    out
}

/// What stands before a place in a class.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    /// A character that may begin a range.
    Character,
    /// A dash that makes a range.
    Dash,
    /// The class's opening, `\w` and the like, or a range's end.
    Other,
}

/// A class, from behind its opening bracket to its closing one.
fn class(out: &mut String, chars: &mut Peekable<Chars>) {
    out.push('[');
    if chars.next_if_eq(&'^').is_some() {
        out.push('^');
    }
    let mut before = Before::Other;
    while let Some(c) = chars.next_if(|c| *c != ']') {
        let is_range = before == Before::Character && chars.peek().is_some_and(|next| *next != ']');
        let is_character = match c {
            '-' if is_range => {
                out.push('-');
                before = Before::Dash;
                continue;
            }
            '\\' => {
                let is_character = escape(out, chars.next(), true);
                // The name of a property.
                while !is_character && chars.peek() == Some(&'{') {
                    out.extend(chars.by_ref().take_while(|c| *c != '}').chain(['}']));
                }
                is_character
            }
            '-' | '[' | '&' | '~' => {
                out.extend(['\\', c]);
                true
            }
            _ => {
                out.push(c);
                true
            }
        };
        before = if is_character && before != Before::Dash { Before::Character } else { Before::Other };
    }
    out.extend(chars.next());
}

/// Writes an escape; whether it stands for one character.
fn escape(out: &mut String, escaped: Option<char>, in_class: bool) -> bool {
    let set = match escaped {
        Some('d') => "0-9",
        Some('w') => "a-zA-Z0-9_",
        Some('s') => r" \t\n\x0B\f\r",
        Some('S') => r"^ \t\n\x0B\f\r",
        Some(c) => {
            // An underscore has no meaning to escape.
            out.extend((c != '_').then_some('\\').into_iter().chain([c]));
            return !matches!(c, 'p' | 'P' | 'D' | 'W' | 'b');
        }
        None => return true,
    };
    // A negation within a class needs brackets of its own.
    let bare = in_class && !set.starts_with('^');
    out.push_str(&if bare { set.to_owned() } else { format!("[{set}]") });
    false
}

/// What Java writes otherwise: POSIX classes, and characters beyond U+FFFF as surrogate pairs.
const NAMED: &[(&str, &str)] =
    &[(r"\p{Print}", r"[\x20-\x7E]"), (r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF")];

type Split = (&'static str, &'static [&'static str], &'static [&'static str]);

/// Patterns with look-around or back-references, told as what must and what must not match.
const SPLIT: &[Split] = &[
    (r"(?!^[0-9]+$)([a-zA-Z0-9-_]+)", &["[a-zA-Z0-9-_]+"], &["[0-9]+"]),
    (r"(^(?!(system\x2e)))(^[_a-zA-Z0-9])([^$]*)", &["[_a-zA-Z0-9][^$]*"], &[r"system\.(?s:.*)"]),
    (
        r"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]{1,64})(:((?!\d+$)[0-9a-zA-Z-_]+))?",
        &[
            r"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]{1,64})(:[0-9]*[a-zA-Z-_][0-9a-zA-Z-_]*)?",
        ],
        &[],
    ),
    (r"((?!^\d+$)^[0-9a-zA-Z-_]+$)", &["[0-9a-zA-Z-_]+"], &["[0-9]+"]),
    (r"[0-9A-Za-z\.\-_]*(?<!\.)", &[r"([0-9A-Za-z\.\-_]*[0-9A-Za-z\-_])?"], &[]),
    (r"^[0-9A-Za-z\.\-_]*(?<!\.)$", &[r"([0-9A-Za-z\.\-_]*[0-9A-Za-z\-_])?"], &[]),
    (r"^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$", &["[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"], &[".*--.*"]),
    (r"^(?!\s*$).+", &[r".*\S.*"], &[]),
    (
        r"^([\-]?\d{4}(?!\d{2}\b))((-?)((0[1-9]|1[0-2])(\3([12]\d|0[1-9]|3[01]))?|W([0-4]\d|5[0-2])(-?[1-7])?|(00[1-9]|0[1-9]\d|[12]\d{2}|3([0-5]\d|6[1-6])))([T\s]((([01]\d|2[0-3])((:?)[0-5]\d)?|24\:?00)([\.,]\d(?!:))?)?(\17[0-5]\d([\.,]\d)?)?([zZ]|([\-])([01]\d|2[0-3]):?([0-5]\d)?)?)?)?$",
        &[
            r"-?\d{4}(-?((0[1-9]|1[0-2])(-?([12]\d|0[1-9]|3[01]))?|W([0-4]\d|5[0-2])(-?[1-7])?|(00[1-9]|0[1-9]\d|[12]\d{2}|3([0-5]\d|6[1-6])))([T\s]((([01]\d|2[0-3])(:?[0-5]\d)?|24:?00)([\.,]\d)?)?(:?[0-5]\d([\.,]\d)?)?([zZ]|-([01]\d|2[0-3]):?([0-5]\d)?)?)?)?",
        ],
        &[r"-?\d{6}"],
    ),
    // A length in a pattern's clothes: as an automaton it would take megabytes.
    (r"^.{1,100000}$", &[".+"], &[]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn all() -> impl Iterator<Item = &'static str> {
        let services = tidegate_model::headers().filter_map(|h| tidegate_model::service(h.name));
        services.flat_map(|s| s.shapes.iter().filter_map(|shape| shape.constraints.pattern))
    }

    #[test]
    fn every_pattern_of_every_model_compiles() {
        for pattern in all() {
            let translated = from_java(pattern);
            let split = SPLIT.iter().find(|(p, ..)| *p == pattern);
            let parts = split.map_or(vec![pattern], |(_, must, must_not)| [*must, *must_not].concat());
            assert!(parts.iter().all(|p| whole(p).is_some()), "{pattern}\n{translated}");
        }
    }

    #[test]
    fn every_split_pattern_is_used() {
        for (pattern, ..) in SPLIT {
            assert!(all().any(|p| p == *pattern), "{pattern}");
        }
    }

    /// The vectors say what Python's engine finds; `patterns.py` made them.
    #[test]
    fn finds_what_another_engine_finds() {
        let vectors: Value = serde_json::from_str(include_str!("../../tests/vectors/patterns.json")).expect("JSON");
        let texts = vectors["texts"].as_array().expect("a list");
        let mut wrong = Vec::new();
        for vector in vectors["patterns"].as_array().expect("a list") {
            let pattern = vector[0].as_str().expect("text").to_owned().leak();
            for (text, expected) in texts.iter().zip(vector[1].as_str().expect("text").chars()) {
                let text = text.as_str().expect("text");
                if matches(pattern, text) != (expected == 'y') {
                    wrong.push(format!("{pattern} {text:?} {expected}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn matches_as_java_does() {
        let cases = [
            (r"[\w-\/.@+=,]+", "a-b/c", true),
            (r"\d+", "١", false),
            (r"[a-zA-Z0-9-_]+", "a-b_c", true),
            (r"[a-zA-Z0-9-_]+", "a-b_c d", false),
            (r"a|b", "ab", false),
            (r"^a$", "a\n", false),
            (r"(?!^[0-9]+$)([a-zA-Z0-9-_]+)", "123", false),
            (r"(?!^[0-9]+$)([a-zA-Z0-9-_]+)", "v123", true),
            (r"[\p{L}\p{Z}]+", "é ü", true),
            (r"[\p{L}-x]+", "é-", true),
            (r"[\p{L}-~]+", "}", false),
            (r"^(?!\s*$).+", "  ", false),
            (r"^(?!\s*$).+", " x ", true),
            (r"[0-9A-Za-z\.\-_]*(?<!\.)", "a.b", true),
            (r"[0-9A-Za-z\.\-_]*(?<!\.)", "a.", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
