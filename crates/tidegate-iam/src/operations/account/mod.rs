//! The account itself: its summary and its alias.

pub(super) mod create_account_alias;
pub(super) mod delete_account_alias;
pub(super) mod get_account_summary;
pub(super) mod list_account_aliases;

use serde::Deserialize;

/// What operations on the alias take.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AliasInput {
    account_alias: String,
}
