//! Users of the account.

pub(super) mod create_user;
pub(super) mod delete_user;
pub(super) mod get_user;
pub(super) mod list_users;
pub(super) mod update_user;

use crate::views::UserView;
use serde::Serialize;

/// What operations on one user give.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserOutput {
    user: UserView,
}
