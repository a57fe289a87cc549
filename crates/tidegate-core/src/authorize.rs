//! The question that stands before every operation: may this caller do that to this resource?

use crate::{AwsError, Context};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Values of condition keys, by key; a key may have several values.
pub type ConditionValues = BTreeMap<String, Vec<String>>;

/// One thing that the caller must be allowed to do.
#[derive(Debug, Clone, Default)]
pub struct Check {
    /// The IAM action, such as `lambda:InvokeFunction`.
    pub action: String,
    /// The resource's ARN, or `*` for actions without one.
    pub resource: String,
    /// The service's own condition keys, such as `iam:PassedToService` (global `aws:` keys are added by the authorizer,
    /// unless given here: `aws:SourceArn` is).
    pub conditions: ConditionValues,
    /// The resource's own policy, where it has one; its parsed form is cached by its text.
    pub resource_policy: Option<Arc<str>>,
}

impl Check {
    /// A check without conditions or resource policy.
    pub fn new(action: impl Into<String>, resource: impl Into<String>) -> Check {
        Check { action: action.into(), resource: resource.into(), ..Check::default() }
    }

    /// The same with one more value of a condition key.
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Check {
        self.conditions.entry(key.to_owned()).or_default().push(value.into());
        self
    }

    /// The same with the resource's policy.
    pub fn resource_policy(mut self, policy: Option<impl Into<Arc<str>>>) -> Check {
        self.resource_policy = policy.map(Into::into);
        self
    }

    /// `iam:PassRole` of a role to a service, such as `lambda.amazonaws.com`.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html>
    pub fn pass_role(role_arn: &str, service: &str) -> Check {
        Check::new("iam:PassRole", role_arn).with("iam:PassedToService", service)
    }
}

/// Decides over checks. The IAM service implements it.
pub trait Authorizer: Send + Sync {
    /// `Err` is the access-denied answer with AWS' sentence.
    fn authorize(&self, cx: &Context, check: &Check) -> Result<(), AwsError>;
}
