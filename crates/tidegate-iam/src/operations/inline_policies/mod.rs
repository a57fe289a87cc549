//! Inline policies of users, roles and groups; each operation is written once for all of them.

pub(super) mod delete_inline_policy;
pub(super) mod get_inline_policy;
pub(super) mod list_inline_policies;
pub(super) mod put_inline_policy;

use serde::Deserialize;

/// What operations on one inline policy take.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OneInput {
    #[serde(alias = "RoleName", alias = "UserName", alias = "GroupName")]
    name: String,
    policy_name: String,
}
