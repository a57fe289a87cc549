//! Permissions boundaries of users and roles; each operation is written once for both.

pub(super) mod delete_permissions_boundary;
pub(super) mod put_permissions_boundary;
