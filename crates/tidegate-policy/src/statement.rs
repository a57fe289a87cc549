//! One statement, compiled: to whom, what and when it applies.

use crate::condition::Condition;
use crate::pattern::Pattern;
use crate::principal::{Grant, Principals};
use crate::request::Request;

/// What a statement does where it applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

/// An element and its `Not…` twin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Element<T> {
    Is(T),
    IsNot(T),
}

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statement {
    pub(crate) effect: Effect,
    /// `None` in identity policies, which belong to their principal.
    pub(crate) principals: Option<Element<Principals>>,
    /// Patterns of lower-case text.
    pub(crate) actions: Element<Vec<Pattern>>,
    /// `None` in trust policies, whose only resource is the role.
    pub(crate) resources: Option<Element<Vec<Pattern>>>,
    pub(crate) conditions: Vec<Condition>,
}

impl Statement {
    /// Whether it asks for anything but action, resource and principal.
    pub(crate) fn uses_keys(&self) -> bool {
        let patterns = match &self.resources {
            None => &[][..],
            Some(Element::Is(patterns) | Element::IsNot(patterns)) => patterns,
        };
        !self.conditions.is_empty() || patterns.iter().any(Pattern::uses_keys)
    }

    /// How closely the statement applies to the request; `None` if it does not. In identity policies it is always the
    /// closest.
    pub(crate) fn grant(&self, request: &Request<'_>, lower_action: &str) -> Option<Grant> {
        let applies = self.covers_action(request, lower_action)
            && self.covers_resource(request)
            && self.conditions.iter().all(|condition| condition.holds(request.keys));
        if applies { self.names(request) } else { None }
    }

    fn names(&self, request: &Request<'_>) -> Option<Grant> {
        match &self.principals {
            None => Some(Grant::Direct),
            Some(Element::Is(principals)) => principals.grant(&request.caller),
            Some(Element::IsNot(principals)) if principals.grant(&request.caller).is_none() => Some(Grant::Role),
            Some(Element::IsNot(_)) => None,
        }
    }

    fn covers_action(&self, request: &Request<'_>, lower_action: &str) -> bool {
        let any = |patterns: &[Pattern]| patterns.iter().any(|p| p.matches(lower_action, request.keys) == Some(true));
        match &self.actions {
            Element::Is(patterns) => any(patterns),
            Element::IsNot(patterns) => !any(patterns),
        }
    }

    fn covers_resource(&self, request: &Request<'_>) -> bool {
        let matches = |pattern: &Pattern| pattern.matches(request.resource, request.keys);
        match &self.resources {
            None => true,
            Some(Element::Is(patterns)) => patterns.iter().any(|p| matches(p) == Some(true)),
            // A variable without value: nobody can say what is left out, so the statement denies and does not allow.
            Some(Element::IsNot(patterns)) => {
                let unknown = self.effect == Effect::Allow;
                !patterns.iter().any(|p| matches(p).unwrap_or(unknown))
            }
        }
    }
}
