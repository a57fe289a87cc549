//! Users of the account.

pub(super) mod create_user;
pub(super) mod delete_user;
pub(super) mod get_user;
pub(super) mod update_user;
