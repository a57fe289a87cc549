//! Roles and their trust policies.

pub(super) mod create_role;
pub(super) mod delete_role;
pub(super) mod update_assume_role_policy;
pub(super) mod update_role;
pub(super) mod update_role_description;
