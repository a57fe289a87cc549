//! From the JSON document to a compiled policy, with IAM's checks in IAM's order.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use crate::condition::Condition;
use crate::pattern::{Pattern, Variables};
use crate::principal::Principals;
use crate::statement::{Effect, Element, Statement};
use crate::texts::texts;
use crate::{Malformed, limits, resource};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What a policy is attached to; each kind has its own grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A user, group, role or session: no `Principal`, version 2012-10-17.
    Identity,
    /// A resource: `Principal` is a must.
    Resource,
    /// A role, saying who may assume it: `Principal` is a must, `Resource` is not allowed.
    Trust,
}

/// A compiled policy document.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    pub(crate) kind: Kind,
    pub(crate) statements: Vec<Statement>,
    uses_keys: bool,
}

impl Policy {
    /// Reads and checks a document. Lengths that a service allows (6,144 characters for a managed policy …) are the
    /// service's to check.
    ///
    /// # Errors
    /// What IAM would say with `MalformedPolicyDocument`.
    pub fn parse(text: &str, kind: Kind) -> Result<Policy, Malformed> {
        if text.len() > limits::DOCUMENT_SIZE_MAX {
            return Err(Malformed::TooLarge);
        }
        let invalid = if kind == Kind::Trust { Malformed::TrustSyntax } else { Malformed::Syntax };
        let document: Value = serde_json::from_str(text).map_err(|_| invalid)?;
        let document = document.as_object().ok_or(Malformed::Syntax)?;
        let (variables, statements) = skeleton(document, kind)?;
        check_content(&statements, kind)?;
        let statements = statements.into_iter().map(|raw| raw.compile(variables));
        let statements = statements.collect::<Result<Vec<Statement>, _>>()?;
        let uses_keys = statements.iter().any(Statement::uses_keys);
        Ok(Policy { kind, statements, uses_keys })
    }

    /// Whether decisions can depend on the request's [`Keys`](crate::Keys): it has conditions or variables. Where no
    /// policy does, callers need not collect any.
    pub fn uses_keys(&self) -> bool {
        self.uses_keys
    }

    /// The users and roles that `Principal` elements name by ARN.
    pub fn principal_arns(&self) -> impl Iterator<Item = &str> {
        let elements = self.statements.iter().filter_map(|statement| statement.principals.as_ref());
        elements.flat_map(|element| match element {
            Element::Is(principals) | Element::IsNot(principals) => principals.arns(),
        })
    }
}

/// A statement whose elements have the right JSON types; what they say is not checked yet.
struct Raw<'a> {
    sid: &'a str,
    effect: Effect,
    principals: Option<Element<&'a Value>>,
    actions: Option<Element<Vec<&'a str>>>,
    resources: Option<Element<Vec<&'a str>>>,
    conditions: Option<&'a Map<String, Value>>,
}

/// The shape of the document: the version's variables, and the statements.
fn skeleton(document: &Map<String, Value>, kind: Kind) -> Result<(Variables, Vec<Raw<'_>>), Malformed> {
    let known = |name: &str| matches!(name, "Version" | "Id" | "Statement");
    let id = document.get("Id").is_none_or(Value::is_string);
    if !id || !document.keys().all(|name| known(name)) {
        return Err(Malformed::Syntax);
    }
    let variables = match document.get("Version").map(Value::as_str) {
        Some(Some("2012-10-17")) => Some(Variables::Expand),
        None | Some(Some("2008-10-17")) => None,
        _ => return Err(Malformed::Syntax),
    };
    let statements = match document.get("Statement") {
        Some(Value::Array(statements)) if !statements.is_empty() => statements.iter().collect(),
        Some(statement @ Value::Object(_)) => vec![statement],
        _ => return Err(Malformed::Syntax),
    };
    if statements.len() > limits::STATEMENTS_MAX {
        return Err(Malformed::TooLarge);
    }
    let statements: Vec<Raw<'_>> = statements.into_iter().map(Raw::read).collect::<Result<_, _>>()?;
    if kind == Kind::Identity && variables.is_none() {
        return Err(Malformed::Version);
    }
    Ok((variables.unwrap_or(Variables::Literal), statements))
}

impl<'a> Raw<'a> {
    fn read(value: &'a Value) -> Result<Raw<'a>, Malformed> {
        let statement = value.as_object().ok_or(Malformed::Syntax)?;
        let conditions = match statement.get("Condition") {
            None => None,
            Some(Value::Object(conditions)) => Some(conditions),
            Some(_) => return Err(Malformed::Syntax),
        };
        if !statement.keys().all(|name| is_element(name)) {
            return Err(Malformed::Syntax);
        }
        Ok(Raw {
            sid: statement.get("Sid").map_or(Some(""), Value::as_str).ok_or(Malformed::Syntax)?,
            effect: match statement.get("Effect").and_then(Value::as_str) {
                Some("Allow") => Effect::Allow,
                Some("Deny") => Effect::Deny,
                _ => return Err(Malformed::Syntax),
            },
            principals: pair(statement, "Principal", "NotPrincipal", Ok)?,
            actions: pair(statement, "Action", "NotAction", texts)?,
            resources: pair(statement, "Resource", "NotResource", texts)?,
            conditions,
        })
    }

    fn compile(self, variables: Variables) -> Result<Statement, Malformed> {
        let lower = |text: &str| Pattern::new(&text.to_ascii_lowercase(), Variables::Literal);
        let resource = |text: &str| Pattern::new(text, variables);
        let conditions = self.conditions.map(|all| Condition::parse_all(all, variables)).transpose()?;
        Ok(Statement {
            effect: self.effect,
            principals: match self.principals {
                None => None,
                Some(Element::Is(value)) => Some(Element::Is(Principals::parse(value)?)),
                Some(Element::IsNot(value)) => Some(Element::IsNot(Principals::parse(value)?)),
            },
            actions: self.actions.map(|actions| patterns(actions, lower)).ok_or(Malformed::NoActions)?,
            resources: self.resources.map(|resources| patterns(resources, resource)),
            conditions: conditions.unwrap_or_default(),
        })
    }
}

fn is_element(name: &str) -> bool {
    matches!(
        name,
        "Sid"
            | "Effect"
            | "Principal"
            | "NotPrincipal"
            | "Action"
            | "NotAction"
            | "Resource"
            | "NotResource"
            | "Condition"
    )
}

/// An element or its `Not…` twin; both at once are a mistake.
fn pair<'a, T>(
    statement: &'a Map<String, Value>,
    is: &str,
    is_not: &str,
    read: fn(&'a Value) -> Result<T, Malformed>,
) -> Result<Option<Element<T>>, Malformed> {
    match (statement.get(is), statement.get(is_not)) {
        (Some(_), Some(_)) => Err(Malformed::Syntax),
        (Some(value), None) => Ok(Some(Element::Is(read(value)?))),
        (None, Some(value)) => Ok(Some(Element::IsNot(read(value)?))),
        (None, None) => Ok(None),
    }
}

fn patterns(element: Element<Vec<&str>>, compile: impl Fn(&str) -> Pattern) -> Element<Vec<Pattern>> {
    match element {
        Element::Is(texts) => Element::Is(texts.into_iter().map(compile).collect()),
        Element::IsNot(texts) => Element::IsNot(texts.into_iter().map(compile).collect()),
    }
}

impl<T> Element<Vec<T>> {
    fn values(&self) -> &[T] {
        match self {
            Element::Is(values) | Element::IsNot(values) => values,
        }
    }
}

fn values<'a, 'b>(element: &'b Option<Element<Vec<&'a str>>>) -> &'b [&'a str] {
    element.as_ref().map_or(&[], Element::values)
}

/// What the elements say, in the order in which IAM complains.
fn check_content(statements: &[Raw<'_>], kind: Kind) -> Result<(), Malformed> {
    if kind == Kind::Identity {
        let resources = || statements.iter().flat_map(|raw| values(&raw.resources)).copied();
        let faulty = resources().find_map(|text| resource::check(text).err());
        if faulty.is_none() && resources().any(resource::is_legacy) {
            return Err(Malformed::Legacy);
        }
        check_sids(statements, kind)?;
        check_presence(statements, kind)?;
        faulty.map_or(Ok(()), Err)?;
    } else {
        check_sids(statements, kind)?;
        check_presence(statements, kind)?;
    }
    statements.iter().flat_map(|raw| values(&raw.actions)).try_for_each(|action| check_action(action, kind))
}

fn check_sids(statements: &[Raw<'_>], kind: Kind) -> Result<(), Malformed> {
    let mut seen = BTreeSet::new();
    let mut named = statements.iter().map(|raw| raw.sid).filter(|sid| !sid.is_empty());
    if named.clone().any(|sid| !sid.bytes().all(|byte| is_sid_byte(byte, kind))) {
        return Err(Malformed::SidCharacters);
    }
    if named.all(|sid| seen.insert(sid)) { Ok(()) } else { Err(Malformed::SidTwice) }
}

/// Resource policies of several services (Lambda's, for one) also have `-` and `_`; S3's have spaces.
fn is_sid_byte(byte: u8, kind: Kind) -> bool {
    byte.is_ascii_alphanumeric() || (kind == Kind::Resource && matches!(byte, b'-' | b'_' | b' ' | b'.'))
}

fn check_presence(statements: &[Raw<'_>], kind: Kind) -> Result<(), Malformed> {
    for raw in statements {
        let principal = raw.principals.is_some();
        match kind {
            _ if values(&raw.actions).is_empty() => return Err(Malformed::NoActions),
            Kind::Identity if principal => return Err(Malformed::PrincipalNotAllowed),
            Kind::Resource | Kind::Trust if !principal => return Err(Malformed::NoPrincipal),
            Kind::Trust if raw.resources.is_some() => return Err(Malformed::ResourceNotAllowed),
            Kind::Identity | Kind::Resource if values(&raw.resources).is_empty() => return Err(Malformed::NoResources),
            _ => {}
        }
    }
    Ok(())
}

fn check_action(action: &str, kind: Kind) -> Result<(), Malformed> {
    if action == "*" && kind != Kind::Trust {
        return Ok(());
    }
    let Some((vendor, name)) = action.split_once(':') else { return Err(Malformed::NoVendor) };
    if name.contains(':') {
        return Err(Malformed::ManyColons);
    }
    if vendor.is_empty() || !vendor.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.')) {
        return Err(Malformed::BadVendor(vendor.to_owned()));
    }
    if kind == Kind::Trust && !vendor.eq_ignore_ascii_case("sts") {
        return Err(Malformed::NotAssumeRole);
    }
    Ok(())
}
