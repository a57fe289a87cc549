//! The decision: policies and a request go in, allow or deny with its reason comes out.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html>

use crate::principal::Grant;
use crate::statement::Effect;
use crate::{Caller, Kind, Policy, Request};
use std::fmt;

/// The policies that bear upon a request.
#[derive(Debug, Clone, Default)]
pub struct Policies<'a> {
    /// The caller's own: inline, attached, and of its groups.
    pub identity: Vec<&'a Policy>,
    /// The permissions boundary of the user or role.
    pub boundary: Option<&'a Policy>,
    /// The session's policies; together they are one. Empty if the session has none.
    pub session: Vec<&'a Policy>,
    /// The resource's own policy. A role's trust policy stands here when the role is to be assumed.
    pub resource: Option<&'a Policy>,
}

impl<'a> Policies<'a> {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &'a Policy> {
        let more = self.boundary.into_iter().chain(self.resource);
        self.identity.iter().chain(&self.session).copied().chain(more)
    }
}

/// What comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The request may go on.
    Allow,
    /// It may not.
    Deny(Denial),
}

impl Decision {
    /// Whether the request may go on.
    pub fn is_allow(self) -> bool {
        self == Decision::Allow
    }
}

/// Why a request may not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// A statement of this layer denies it.
    Explicit(Layer),
    /// No statement of this layer allows it.
    Implicit(Layer),
}

/// The kinds of policy, by what they are attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Of the caller.
    Identity,
    /// The most that a caller's own policies can give.
    Boundary,
    /// The most that a session can have.
    Session,
    /// Of the resource.
    Resource,
    /// Who may assume a role.
    Trust,
}

impl Denial {
    /// The end of AWS' access-denied sentence, from `because` or `with` on.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>
    pub fn reason(self, action: &str) -> String {
        match self {
            Denial::Explicit(Layer::Trust) => "with an explicit deny in the role trust policy".to_owned(),
            Denial::Explicit(Layer::Identity) => "with an explicit deny in an identity-based policy".to_owned(),
            Denial::Explicit(layer) => format!("with an explicit deny in a {layer}"),
            Denial::Implicit(layer) => format!("because no {layer} allows the {action} action"),
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Layer::Identity => "identity-based policy",
            Layer::Boundary => "permissions boundary",
            Layer::Session => "session policy",
            Layer::Resource => "resource-based policy",
            Layer::Trust => "role trust policy",
        })
    }
}

/// Decides. An explicit deny wins over everything; then the request needs an allow from each layer that applies.
pub fn evaluate(request: &Request<'_>, policies: &Policies<'_>) -> Decision {
    let asked = Asked { request, action: request.action.to_ascii_lowercase() };
    match asked.explicit_deny(policies).map(Denial::Explicit).or_else(|| asked.missing_allow(policies)) {
        Some(denial) => Decision::Deny(denial),
        None => Decision::Allow,
    }
}

struct Asked<'a> {
    request: &'a Request<'a>,
    /// In lower case, as statements have it.
    action: String,
}

impl Asked<'_> {
    fn grant(&self, policy: &Policy, effect: Effect) -> Option<Grant> {
        let statements = policy.statements.iter().filter(|statement| statement.effect == effect);
        statements.filter_map(|statement| statement.grant(self.request, &self.action)).max()
    }

    fn denies(&self, policies: &[&Policy]) -> bool {
        policies.iter().any(|policy| self.grant(policy, Effect::Deny).is_some())
    }

    fn allows(&self, policies: &[&Policy]) -> bool {
        policies.iter().any(|policy| self.grant(policy, Effect::Allow).is_some())
    }

    fn explicit_deny(&self, policies: &Policies<'_>) -> Option<Layer> {
        let resource = policies.resource.filter(|policy| self.denies(&[policy])).map(resource_layer);
        // The caller's own policies do not bind the root of an account.
        let bound = matches!(self.request.caller, Caller::User { .. } | Caller::Session { .. });
        let identity = (bound && self.denies(&policies.identity)).then_some(Layer::Identity);
        let boundary = policies.boundary.filter(|policy| bound && self.denies(&[policy])).map(|_| Layer::Boundary);
        let session = self.denies(&policies.session).then_some(Layer::Session);
        identity.or(resource).or(boundary).or(session)
    }

    fn missing_allow(&self, policies: &Policies<'_>) -> Option<Denial> {
        let grant = policies.resource.and_then(|policy| self.grant(policy, Effect::Allow));
        let layer = policies.resource.map_or(Layer::Resource, resource_layer);
        let Some(account) = self.request.caller.account() else {
            // Services and strangers have no policies of their own: the resource's policy alone decides.
            return grant.is_none().then_some(Denial::Implicit(layer));
        };
        let same_account = self.request.resource_account.is_none_or(|owner| owner == account);
        if grant.is_none() && (!same_account || layer == Layer::Trust) {
            return Some(Denial::Implicit(layer));
        }
        if same_account && grant == Some(Grant::Direct) {
            return None;
        }
        let granted = same_account && grant >= Some(Grant::Role);
        self.missing_own_allow(policies, granted).map(Denial::Implicit)
    }

    /// What the caller's own side lacks; `granted` says that the resource's policy stands for the identity policies.
    fn missing_own_allow(&self, policies: &Policies<'_>, granted: bool) -> Option<Layer> {
        let root = matches!(self.request.caller, Caller::Root { .. });
        if !root && !granted && !self.allows(&policies.identity) {
            return Some(Layer::Identity);
        }
        if !root && policies.boundary.is_some_and(|policy| !self.allows(&[policy])) {
            return Some(Layer::Boundary);
        }
        (!policies.session.is_empty() && !self.allows(&policies.session)).then_some(Layer::Session)
    }
}

fn resource_layer(policy: &Policy) -> Layer {
    if policy.kind == Kind::Trust { Layer::Trust } else { Layer::Resource }
}
