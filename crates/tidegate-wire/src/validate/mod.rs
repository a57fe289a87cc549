//! Checks a document against the model: required members, lengths, ranges, patterns and enums, with AWS' sentences.

mod echo;
mod pattern;
mod rules;
mod style;

use crate::{AwsErrorParts, Call, CommonError, common_error, limits};
use echo::echo;
use rules::{ENUM_RULE, KEYS, Subject, broken_rules, enum_rule, part_rules};
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
    let mut checker = Checker { call, service: call.service, style, found: Vec::new(), path: Vec::new() };
    checker.structure(input, document);
    if checker.found.is_empty() { Ok(()) } else { Err(checker.error()) }
}

/// One rule that a value breaks.
struct Violation {
    /// `Value 'x' at 'name' failed …` up to the rule.
    subject: String,
    rule: String,
    /// The service's own sentence for it, instead of all of this.
    sentence: Option<String>,
}

/// One step on the way to a value; texts are made only when there is something to tell.
#[derive(Clone, Copy)]
enum Step<'v> {
    Member(&'static str),
    Position(usize),
    Key(&'v str),
    /// What AWS puts between a position or key and what lies below.
    Below,
}

struct Checker<'v> {
    call: &'v Call,
    service: &'static Service,
    style: Style,
    found: Vec<Violation>,
    path: Vec<Step<'v>>,
}

impl<'v> Checker<'v> {
    fn error(mut self) -> AwsErrorParts {
        self.found.truncate(if self.style.first_only { 1 } else { limits::VIOLATIONS_MAX });
        if let Some(sentence) = self.own_sentence() {
            return self.told(sentence);
        }
        let count = self.found.len();
        let mut message = format!("{count} validation error{} detected: ", if count == 1 { "" } else { "s" });
        for (n, violation) in self.found.iter().enumerate() {
            let divider = if n == 0 { "" } else { "; " };
            let Violation { subject, rule, .. } = violation;
            // DynamoDB's sentence for enums has no subject.
            let verb = if subject.is_empty() { "Failed" } else { " failed" };
            // Writing into a String cannot fail.
            let _ = write!(message, "{divider}{subject}{verb} to satisfy constraint: {rule}");
        }
        self.told(message)
    }

    fn told(&self, message: String) -> AwsErrorParts {
        common_error(CommonError::Validation, self.service, self.call.protocol).with_message(message)
    }

    /// Where every violation has a sentence of its own, the service says the first of them.
    fn own_sentence(&self) -> Option<String> {
        let all: Option<Vec<_>> = self.found.iter().map(|v| v.sentence.clone()).collect();
        all?.into_iter().next()
    }

    fn is_full(&self) -> bool {
        self.found.len() >= limits::VIOLATIONS_MAX || (self.style.first_only && !self.found.is_empty())
    }

    fn place(&self) -> String {
        let steps = self.path.iter().map(|step| match step {
            Step::Member(name) => self.style.member_name(name),
            Step::Position(number) => number.to_string(),
            Step::Key(key) => (*key).to_owned(),
            Step::Below => "member".to_owned(),
        });
        steps.collect::<Vec<_>>().join(".")
    }

    fn structure(&mut self, structure: &Structure, value: &'v Value) {
        let Value::Object(object) = value else { return };
        for member in &structure.members {
            if self.is_full() {
                return;
            }
            self.path.push(Step::Member(member.name));
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
            let null = if self.style.echo { " null" } else { "" };
            let subject = format!("Value{null} at '{}'", self.place());
            self.found.push(Violation { subject, rule: "Member must not be null".into(), sentence: None });
        }
    }

    fn member(&mut self, member: &Member, value: &'v Value) {
        let shape = self.service.shape(member.shape);
        if self.style.checks_values {
            let mut rules = broken_rules(self.service, shape, Subject::Value(value));
            if let (false, Some(text)) = (member.values.is_empty(), value.as_str()) {
                rules.extend(enum_rule(&member.values, text));
            }
            for rule in rules {
                let subject = self.subject(shape, value, &rule);
                let sentence = style::sentence(self.service.name, &self.place(), &rule);
                self.found.push(Violation { subject, rule, sentence });
            }
        }
        self.inside(shape, value);
    }

    fn subject(&self, shape: &Shape, value: &Value, rule: &str) -> String {
        let path = self.place();
        match self.style.echo {
            _ if shape.sensitive => format!("Value at '{path}'"),
            true => format!("Value '{}' at '{path}'", echo(self.service, shape, value)),
            false if rule.starts_with(ENUM_RULE) => String::new(),
            false => format!("Value at '{path}'"),
        }
    }

    /// What is in a structure, list or map.
    fn inside(&mut self, shape: &Shape, value: &'v Value) {
        match (&shape.kind, value) {
            (Kind::Structure(structure), _) if structure.document => {}
            (Kind::Structure(structure), value) => self.structure(structure, value),
            (Kind::List(of), Value::Array(entries)) => {
                let of = self.service.shape(of.shape);
                let parts = entries.iter().map(Subject::Value);
                self.parts(shape, value, "Member must satisfy constraint", of, parts);
                entries.iter().enumerate().for_each(|(n, entry)| self.entry(Step::Position(n + 1), of, entry));
            }
            (Kind::Map { key, value: of }, Value::Object(entries)) => {
                let (key, of) = (self.service.shape(key.shape), self.service.shape(of.shape));
                self.parts(shape, value, KEYS, key, entries.keys().map(|key| Subject::Key(key)));
                let parts = entries.values().map(Subject::Value);
                self.parts(shape, value, "Map value must satisfy constraint", of, parts);
                entries.iter().for_each(|(key, entry)| self.entry(Step::Key(key), of, entry));
            }
            _ => {}
        }
    }

    /// One entry of a list or map, as `tags.1.member`.
    fn entry(&mut self, step: Step<'v>, of: &Shape, entry: &'v Value) {
        if self.is_full() || !matches!(of.kind, Kind::Structure(_) | Kind::List(_) | Kind::Map { .. }) {
            return;
        }
        self.path.extend([step, Step::Below]);
        self.inside(of, entry);
        self.path.truncate(self.path.len() - 2);
    }

    /// AWS tells of wrong entries once, at the list or map, with all rules that entries have.
    fn parts(
        &mut self,
        whole: &Shape,
        value: &Value,
        lead: &str,
        of: &Shape,
        mut parts: impl Iterator<Item = Subject<'v>>,
    ) {
        let is_wrong = |part: Subject| part.is_null() || !broken_rules(self.service, of, part).is_empty();
        if self.style.checks_values && parts.any(is_wrong) {
            let rule = format!("{lead}: [{}]", part_rules(of, lead).join(", "));
            let subject = self.subject(whole, value, &rule);
            self.found.push(Violation { subject, rule, sentence: None });
        }
    }
}
