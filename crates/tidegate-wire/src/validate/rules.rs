//! The rules of shapes, as AWS' sentences.

use super::pattern;
use serde_json::Value;
use tidegate_model::{Kind, Service, Shape};

pub(super) const KEYS: &str = "Map keys must satisfy constraint";
pub(super) const ENUM_RULE: &str = "Member must satisfy enum value set: ";

pub(super) fn enum_rule(values: &[&str], text: &str) -> Option<String> {
    (!values.contains(&text)).then(|| format!("{ENUM_RULE}[{}]", values.join(", ")))
}

/// What is checked: a value, or a map's key.
#[derive(Clone, Copy)]
pub(super) enum Subject<'v> {
    Value(&'v Value),
    Key(&'v str),
}

impl<'v> Subject<'v> {
    pub(super) fn is_null(self) -> bool {
        matches!(self, Subject::Value(Value::Null))
    }

    fn text(self) -> Option<&'v str> {
        match self {
            Subject::Value(value) => value.as_str(),
            Subject::Key(key) => Some(key),
        }
    }
}

/// The rules of a shape that a value breaks.
pub(super) fn broken_rules(service: &Service, shape: &Shape, value: Subject) -> Vec<String> {
    let (limits, mut rules) = (&shape.constraints, Vec::new());
    let max = usual_max(service.name, shape.name).or(limits.max);
    let has_limits = max.is_some() || limits.min.is_some();
    if let Some((size, what)) = has_limits.then(|| size(shape, value)).flatten() {
        rules.extend(max.filter(|max| size > *max).map(|max| too_much(what, max)));
        rules.extend(limits.min.filter(|min| size < *min).map(|min| too_little(what, min)));
    }
    if let Some(text) = value.text().filter(|_| matches!(shape.kind, Kind::String)) {
        let pattern = limits.pattern.filter(|p| !pattern::matches(p, text));
        rules.extend(pattern.map(pattern_rule));
        if !limits.values.is_empty() {
            rules.extend(enum_rule(&limits.values, text));
        }
    }
    rules
}

/// What the service admits where its model admits more: Lambda's model has the limits of managed instances, which
/// ordinary functions do not reach (Lambda quotas: 900 s, 10,240 MB of memory and of storage).
fn usual_max(service: &str, shape: &str) -> Option<f64> {
    match (service, shape) {
        ("lambda", "Timeout") => Some(900.0),
        ("lambda", "MemorySize" | "EphemeralStorageSize") => Some(10_240.0),
        _ => None,
    }
}

/// All rules of a list's or map's parts. Keys cannot be null, so for them AWS does not say that they must not.
pub(super) fn part_rules(shape: &Shape, lead: &str) -> Vec<String> {
    let limits = &shape.constraints;
    let what = if is_number(&shape.kind) { "value" } else { "length" };
    let mut rules: Vec<_> = limits.max.map(|max| too_much(what, max)).into_iter().collect();
    rules.extend(limits.min.map(|min| too_little(what, min)));
    rules.extend(limits.pattern.map(pattern_rule));
    if !limits.values.is_empty() {
        rules.push(format!("{ENUM_RULE}[{}]", limits.values.join(", ")));
    }
    if lead != KEYS {
        rules.push("Member must not be null".into());
    }
    rules
}

fn too_much(what: &str, max: f64) -> String {
    format!("Member must have {what} less than or equal to {max}")
}

fn too_little(what: &str, min: f64) -> String {
    format!("Member must have {what} greater than or equal to {min}")
}

fn pattern_rule(pattern: &str) -> String {
    format!("Member must satisfy regular expression pattern: {pattern}")
}

fn is_number(kind: &Kind) -> bool {
    matches!(kind, Kind::Integer | Kind::Long | Kind::Float | Kind::Double)
}

/// What a shape's limits speak of: the number itself, characters, bytes or entries.
fn size(shape: &Shape, subject: Subject) -> Option<(f64, &'static str)> {
    let length = match (&shape.kind, subject.text(), subject) {
        (kind, _, Subject::Value(Value::Number(number))) if is_number(kind) => {
            return number.as_f64().map(|n| (n, "value"));
        }
        (Kind::String, Some(text), _) => text.chars().count(),
        (Kind::Blob, Some(text), _) => {
            text.len() / 4 * 3 - text.bytes().rev().take_while(|b| *b == b'=').count().min(2)
        }
        (Kind::List(_), _, Subject::Value(Value::Array(entries))) => entries.len(),
        (Kind::Map { .. }, _, Subject::Value(Value::Object(entries))) => entries.len(),
        _ => return None,
    };
    Some((length as f64, "length"))
}
