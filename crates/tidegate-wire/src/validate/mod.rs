//! Checks a document against the model: required members, lengths, ranges, patterns and enums, with AWS' sentences.

mod pattern;
mod style;

use crate::{AwsErrorParts, Call, limits};
use serde_json::Value;
use std::fmt::Write;
use style::Style;
use tidegate_model::{Kind, Member, Service, Shape, Structure};

/// Checks a request's document.
///
/// # Errors
/// The service's validation error; its message lists every violation, or the first where the service does so.
pub fn validate(call: &Call, document: &Value) -> Result<(), AwsErrorParts> {
    let style = style::of(call.service.name);
    let Some(input) = call.input() else { return Ok(()) };
    let mut checker = Checker { service: call.service, style, found: Vec::new(), path: Vec::new() };
    checker.structure(input, document);
    if checker.found.is_empty() { Ok(()) } else { Err(checker.error()) }
}

/// One rule that a value breaks.
struct Violation {
    /// `Value 'x' at 'name' failed …` up to the rule.
    subject: String,
    rule: String,
}

struct Checker<'s> {
    service: &'s Service,
    style: Style,
    found: Vec<Violation>,
    /// Where we are: member names, list positions, map keys.
    path: Vec<String>,
}

impl Checker<'_> {
    fn error(mut self) -> AwsErrorParts {
        self.found.truncate(if self.style.first_only { 1 } else { limits::VIOLATIONS_MAX });
        let count = self.found.len();
        let mut message = format!("{count} validation error{} detected: ", if count == 1 { "" } else { "s" });
        for (n, violation) in self.found.iter().enumerate() {
            let divider = if n == 0 { "" } else { "; " };
            // Writing into a String cannot fail.
            let _ = write!(message, "{divider}{} failed to satisfy constraint: {}", violation.subject, violation.rule);
        }
        // DynamoDB's sentence for enums has no subject.
        let message = message.replacen(":  failed", ": Failed", 1);
        AwsErrorParts::new("ValidationException", 400, message)
    }

    fn is_full(&self) -> bool {
        self.found.len() >= limits::VIOLATIONS_MAX || (self.style.first_only && !self.found.is_empty())
    }

    fn structure(&mut self, structure: &Structure, value: &Value) {
        let Value::Object(object) = value else { return };
        for member in &structure.members {
            if self.is_full() {
                return;
            }
            self.path.push(self.style.member_name(member.name));
            match object.get(member.name).filter(|v| !v.is_null()) {
                Some(value) => self.member(member, value),
                None if member.required => self.missing(member),
                None => {}
            }
            self.path.pop();
        }
    }

    fn missing(&mut self, member: &Member) {
        let shape = self.service.shape(member.shape);
        // Clients that leave an idempotency token out get one made; a raw request may lack it.
        if !member.idempotency_token && self.style.checks_required(&shape.kind) {
            let subject = format!("Value null at '{}'", self.path.join("."));
            self.found.push(Violation { subject, rule: "Member must not be null".into() });
        }
    }

    fn member(&mut self, member: &Member, value: &Value) {
        let shape = self.service.shape(member.shape);
        if self.style.checks_values {
            let mut rules = broken_rules(shape, value);
            if let (false, Some(text)) = (member.values.is_empty(), value.as_str()) {
                rules.extend(enum_rule(&member.values, text));
            }
            for rule in rules {
                let subject = self.subject(shape, value, &rule);
                self.found.push(Violation { subject, rule });
            }
        }
        self.inside(shape, value);
    }

    fn subject(&self, shape: &Shape, value: &Value, rule: &str) -> String {
        let path = self.path.join(".");
        match self.style.echo {
            _ if shape.sensitive => format!("Value at '{path}'"),
            true => format!("Value '{}' at '{path}'", echo(self.service, shape, value)),
            false if rule.starts_with(ENUM_RULE) => String::new(),
            false => format!("Value at '{path}'"),
        }
    }

    /// What is in a structure, list or map.
    fn inside(&mut self, shape: &Shape, value: &Value) {
        match (&shape.kind, value) {
            (Kind::Structure(structure), _) if structure.document => {}
            (Kind::Structure(structure), value) => self.structure(structure, value),
            (Kind::List(of), Value::Array(entries)) => {
                let of = self.service.shape(of.shape);
                self.entries(shape, of, value, entries);
            }
            (Kind::Map { key, value: of }, Value::Object(entries)) => {
                let (key, of) = (self.service.shape(key.shape), self.service.shape(of.shape));
                self.parts(
                    shape,
                    value,
                    "Map keys must satisfy constraint",
                    key,
                    entries.keys().map(|k| k.as_str().into()),
                );
                self.parts(shape, value, "Map value must satisfy constraint", of, entries.values().cloned());
                for (key, entry) in entries {
                    self.entry(key.clone(), of, entry);
                }
            }
            _ => {}
        }
    }

    fn entries(&mut self, list: &Shape, of: &Shape, value: &Value, entries: &[Value]) {
        self.parts(list, value, "Member must satisfy constraint", of, entries.iter().cloned());
        for (n, entry) in entries.iter().enumerate() {
            self.entry((n + 1).to_string(), of, entry);
        }
    }

    /// One entry of a list or map, as `tags.1.member`.
    fn entry(&mut self, key: String, of: &Shape, entry: &Value) {
        if self.is_full() || !matches!(of.kind, Kind::Structure(_) | Kind::List(_) | Kind::Map { .. }) {
            return;
        }
        self.path.push(key);
        self.path.push("member".into());
        self.inside(of, entry);
        self.path.pop();
        self.path.pop();
    }

    /// AWS tells of wrong entries once, at the list or map, with all rules that entries have.
    fn parts(&mut self, whole: &Shape, value: &Value, lead: &str, of: &Shape, mut parts: impl Iterator<Item = Value>) {
        if self.style.checks_values && parts.any(|part| part.is_null() || !broken_rules(of, &part).is_empty()) {
            let rule = format!("{lead}: [{}]", all_rules(of).join(", "));
            let subject = self.subject(whole, value, &rule);
            self.found.push(Violation { subject, rule });
        }
    }
}

const ENUM_RULE: &str = "Member must satisfy enum value set: ";

fn enum_rule(values: &[&str], text: &str) -> Option<String> {
    (!values.contains(&text)).then(|| format!("{ENUM_RULE}[{}]", values.join(", ")))
}

/// The rules of a shape that a value breaks.
fn broken_rules(shape: &Shape, value: &Value) -> Vec<String> {
    let (limits, mut rules) = (&shape.constraints, Vec::new());
    if let Some((size, what)) = size(shape, value) {
        rules.extend(limits.max.filter(|max| size > *max).map(|max| too_much(what, max)));
        rules.extend(limits.min.filter(|min| size < *min).map(|min| too_little(what, min)));
    }
    if let Some(text) = value.as_str().filter(|_| matches!(shape.kind, Kind::String)) {
        let pattern = limits.pattern.filter(|p| !pattern::matches(p, text));
        rules.extend(pattern.map(pattern_rule));
        if !limits.values.is_empty() {
            rules.extend(enum_rule(&limits.values, text));
        }
    }
    rules
}

/// All rules of a shape.
fn all_rules(shape: &Shape) -> Vec<String> {
    let limits = &shape.constraints;
    let what = if is_number(&shape.kind) { "value" } else { "length" };
    let mut rules: Vec<_> = limits.max.map(|max| too_much(what, max)).into_iter().collect();
    rules.extend(limits.min.map(|min| too_little(what, min)));
    rules.extend(limits.pattern.map(pattern_rule));
    if !limits.values.is_empty() {
        rules.push(format!("{ENUM_RULE}[{}]", limits.values.join(", ")));
    }
    rules.push("Member must not be null".into());
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
fn size(shape: &Shape, value: &Value) -> Option<(f64, &'static str)> {
    let length = match (&shape.kind, value) {
        (kind, Value::Number(number)) if is_number(kind) => return number.as_f64().map(|n| (n, "value")),
        (Kind::String, Value::String(text)) => text.chars().count(),
        (Kind::Blob, Value::String(text)) => {
            text.len() / 4 * 3 - text.bytes().rev().take_while(|b| *b == b'=').count().min(2)
        }
        (Kind::List(_), Value::Array(entries)) => entries.len(),
        (Kind::Map { .. }, Value::Object(entries)) => entries.len(),
        _ => return None,
    };
    Some((length as f64, "length"))
}

/// A value as AWS' messages repeat it: texts bare, lists in brackets, structures as `Name(member=value)`.
fn echo(service: &Service, shape: &Shape, value: &Value) -> String {
    let mut out = String::new();
    put(&mut out, service, shape, value);
    match out.char_indices().nth(limits::ECHO_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &out[..end]),
        None => out,
    }
}

fn put(out: &mut String, service: &Service, shape: &Shape, value: &Value) {
    if out.len() > 4 * limits::ECHO_CHARS_MAX {
        return;
    }
    match (&shape.kind, value) {
        _ if shape.sensitive => out.push_str("***Sensitive Data Redacted***"),
        (Kind::Structure(structure), Value::Object(object)) if !structure.document => {
            let members = structure.members.iter().filter_map(|m| Some((m, object.get(m.name)?)));
            let _ = write!(out, "{}(", shape.name);
            for (n, (member, value)) in members.enumerate() {
                let _ = write!(out, "{}{}=", divider(n), style::lower_camel(member.name));
                put(out, service, service.shape(member.shape), value);
            }
            out.push(')');
        }
        (Kind::List(of), Value::Array(entries)) => {
            out.push('[');
            for (n, entry) in entries.iter().enumerate() {
                out.push_str(divider(n));
                put(out, service, service.shape(of.shape), entry);
            }
            out.push(']');
        }
        (Kind::Map { value: of, .. }, Value::Object(entries)) => {
            out.push('{');
            for (n, (key, entry)) in entries.iter().enumerate() {
                let _ = write!(out, "{}{key}=", divider(n));
                put(out, service, service.shape(of.shape), entry);
            }
            out.push('}');
        }
        (Kind::Blob, _) => out.push_str("java.nio.HeapByteBuffer"),
        (_, Value::String(text)) => out.push_str(text),
        (_, value) => {
            let _ = write!(out, "{value}");
        }
    }
}

fn divider(n: usize) -> &'static str {
    if n == 0 { "" } else { ", " }
}
