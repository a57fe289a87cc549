//! Patterns on JSON messages: `{ $.level = "ERROR" && ($.latency > 100 || $.user IS NULL) }`.

use super::operand::{Comparison, Operand};
use super::{PatternError, scanner::Scanner};
use crate::limits::PATTERN_DEPTH_MAX;
use serde_json::Value;
use std::collections::BTreeMap;

/// What must hold of a message.
#[derive(Debug, Clone)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Test(Selector, Test),
}

/// `$.a.b[0]`: the way to a member.
#[derive(Debug, Clone)]
pub(super) struct Selector {
    text: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Step {
    Member(String),
    Item(usize),
    EveryItem,
}

#[derive(Debug, Clone)]
pub(super) enum Test {
    Compare(Comparison, Operand),
    Is(Constant),
    NotExists,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Constant {
    True,
    False,
    Null,
}

impl Condition {
    pub fn matches(&self, message: &Value) -> bool {
        match self {
            Condition::All(parts) => parts.iter().all(|part| part.matches(message)),
            Condition::Any(parts) => parts.iter().any(|part| part.matches(message)),
            Condition::Test(selector, test) => test.holds(&selector.find(message)),
        }
    }

    /// The selected values of a message, by selector.
    pub fn extract(&self, message: &Value) -> BTreeMap<String, String> {
        match self {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().flat_map(|part| part.extract(message)).collect()
            }
            Condition::Test(selector, _) => {
                let found = selector.find(message).first().map(|value| text_of(value));
                found.map(|text| (selector.text.clone(), text)).into_iter().collect()
            }
        }
    }
}

impl Test {
    fn holds(&self, found: &[&Value]) -> bool {
        match self {
            Test::NotExists => found.is_empty(),
            Test::Is(constant) => found.iter().any(|value| constant.is(value)),
            Test::Compare(comparison, operand) => found.iter().any(|value| match value {
                Value::Object(_) | Value::Array(_) | Value::Null => false,
                value => operand.compare(*comparison, &text_of(value)),
            }),
        }
    }
}

impl Constant {
    fn is(self, value: &Value) -> bool {
        match self {
            Constant::True => value == &Value::Bool(true),
            Constant::False => value == &Value::Bool(false),
            Constant::Null => value.is_null(),
        }
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Selector {
    fn find<'a>(&self, message: &'a Value) -> Vec<&'a Value> {
        self.steps
            .iter()
            .fold(vec![message], |found, step| found.into_iter().flat_map(|value| step.take(value)).collect())
    }
}

impl Step {
    fn take<'a>(&self, value: &'a Value) -> Vec<&'a Value> {
        match self {
            Step::Member(name) => value.get(name).into_iter().collect(),
            Step::Item(n) => value.get(n).into_iter().collect(),
            Step::EveryItem => value.as_array().into_iter().flatten().collect(),
        }
    }
}

pub(super) fn parse(text: &str) -> Result<Condition, PatternError> {
    let mut scanner = Scanner::new(text);
    scanner.expect("{")?;
    let condition = any(&mut scanner, 0)?;
    scanner.expect("}")?;
    scanner.skip_space();
    if scanner.is_done() { Ok(condition) } else { Err(PatternError::Syntax) }
}

fn any(scanner: &mut Scanner<'_>, depth: usize) -> Result<Condition, PatternError> {
    let mut parts = vec![all(scanner, depth)?];
    while scanner.take("||") {
        parts.push(all(scanner, depth)?);
    }
    Ok(Condition::Any(parts))
}

fn all(scanner: &mut Scanner<'_>, depth: usize) -> Result<Condition, PatternError> {
    let mut parts = vec![one(scanner, depth)?];
    while scanner.take("&&") {
        parts.push(one(scanner, depth)?);
    }
    Ok(Condition::All(parts))
}

fn one(scanner: &mut Scanner<'_>, depth: usize) -> Result<Condition, PatternError> {
    if scanner.take("(") {
        if depth == PATTERN_DEPTH_MAX {
            return Err(PatternError::Syntax);
        }
        let inner = any(scanner, depth + 1)?;
        scanner.expect(")")?;
        return Ok(inner);
    }
    let selector = selector(scanner)?;
    Ok(Condition::Test(selector, test(scanner)?))
}

fn test(scanner: &mut Scanner<'_>) -> Result<Test, PatternError> {
    if let Some(comparison) = Comparison::take(scanner) {
        let operand = Operand::take(scanner, |c| c.is_whitespace() || matches!(c, '}' | ')' | '&' | '|'))?;
        return if operand.fits(comparison) {
            Ok(Test::Compare(comparison, operand))
        } else {
            Err(PatternError::Syntax)
        };
    }
    if scanner.take_word("NOT") && scanner.take_word("EXISTS") {
        return Ok(Test::NotExists);
    }
    if scanner.take_word("IS") {
        let constants = [("TRUE", Constant::True), ("FALSE", Constant::False), ("NULL", Constant::Null)];
        let found = constants.into_iter().find(|(word, _)| scanner.take_word(word));
        return found.map(|(_, constant)| Test::Is(constant)).ok_or(PatternError::Syntax);
    }
    Err(PatternError::Syntax)
}

fn selector(scanner: &mut Scanner<'_>) -> Result<Selector, PatternError> {
    scanner.expect("$")?;
    let path = scanner.bare(|c| c.is_whitespace() || matches!(c, '=' | '!' | '<' | '>' | ')' | '}' | '&' | '|'));
    Ok(Selector { text: format!("${path}"), steps: steps(path)? })
}

fn steps(path: &str) -> Result<Vec<Step>, PatternError> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let (step, after) = match rest.strip_prefix('[') {
            Some(inside) => {
                let (index, after) = inside.split_once(']').ok_or(PatternError::Syntax)?;
                (item(index)?, after)
            }
            None => member(rest)?,
        };
        steps.push(step);
        rest = after;
    }
    // AWS takes at most one wildcard in a selector.
    let wildcards = steps.iter().filter(|step| matches!(step, Step::EveryItem)).count();
    if steps.is_empty() || wildcards > 1 { Err(PatternError::Syntax) } else { Ok(steps) }
}

fn item(index: &str) -> Result<Step, PatternError> {
    let quoted = index.strip_prefix(['\'', '"']).and_then(|name| name.strip_suffix(['\'', '"']));
    match (index, quoted) {
        ("*", _) => Ok(Step::EveryItem),
        (_, Some(name)) => Ok(Step::Member(name.to_owned())),
        _ => index.parse().map(Step::Item).map_err(|_| PatternError::Syntax),
    }
}

fn member(rest: &str) -> Result<(Step, &str), PatternError> {
    let rest = rest.strip_prefix('.').ok_or(PatternError::Syntax)?;
    if let Some(inside) = rest.strip_prefix('[') {
        let (index, after) = inside.split_once(']').ok_or(PatternError::Syntax)?;
        return Ok((item(index)?, after));
    }
    let (name, after) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
    if name.is_empty() { Err(PatternError::Syntax) } else { Ok((Step::Member(name.to_owned()), after)) }
}
