//! Managed policies of users, roles and groups; each operation is written once for all of them.

pub(super) mod attach_policy;
pub(super) mod detach_policy;
pub(super) mod list_attached_policies;

use crate::Error;
use crate::entity::Grantee;
use crate::operations::shared::Iam;
use serde::Deserialize;
use tidegate_core::{Check, Context};

/// What operations on one attachment take.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OneInput {
    #[serde(alias = "RoleName", alias = "UserName", alias = "GroupName")]
    name: String,
    policy_arn: String,
}

fn check<E: Grantee>(iam: &Iam, cx: &Context, action: &str, input: &OneInput) -> Result<Vec<Check>, Error> {
    Ok(vec![iam.check::<E>(cx, action, &input.name)?.with("iam:PolicyARN", &input.policy_arn)])
}
