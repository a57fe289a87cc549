//! Roles and their trust policies.

pub(super) mod create_role;
pub(super) mod delete_role;
pub(super) mod get_role;
pub(super) mod list_roles;
pub(super) mod update_assume_role_policy;
pub(super) mod update_role;
pub(super) mod update_role_description;

use crate::views::RoleView;
use serde::{Deserialize, Serialize};

/// What operations on one role take.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RoleInput {
    role_name: String,
}

/// What operations on one role give.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RoleOutput {
    role: RoleView,
}
