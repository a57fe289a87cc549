//! Who called, and what a Lambda authorizer said of them.

use serde_json::{Map, Value};
use std::sync::Arc;
use tidegate_core::Principal;

/// Who called, as far as the route asked.
#[derive(Debug, Clone, Default)]
pub enum Caller {
    /// Nobody asked.
    #[default]
    Anyone,
    /// A signed request that IAM let in.
    Iam(Arc<Principal>),
    /// A request that a function let in.
    Function(Arc<Verdict>),
}

impl Caller {
    /// `$context.authorizer.KEY`: what the authorizer's function said.
    pub fn authorizer_value(&self, key: &str) -> Option<String> {
        let Caller::Function(verdict) = self else { return None };
        match verdict.context.get(key) {
            Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(other) => Some(other.to_string()),
            None if key == "principalId" => verdict.principal_id.clone(),
            None => None,
        }
    }
}

/// What a Lambda authorizer said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verdict {
    /// The caller's name, in policies.
    pub principal_id: Option<String>,
    /// What the integration is told.
    pub context: Map<String, Value>,
}
