//! Access keys of users.

pub(super) mod create_access_key;
pub(super) mod delete_access_key;
pub(super) mod get_access_key_last_used;
pub(super) mod list_access_keys;
pub(super) mod update_access_key;

use crate::Error;
use crate::operations::shared::{Iam, meant};
use crate::tables::{ACCESS_KEYS, AccessKey, User};
use serde::Deserialize;
use tidegate_core::{Check, Context};
use tidegate_store::Snapshot;
use tidegate_types::AccountId;

/// The user that is named, or the one that asks.
fn user_name(cx: &Context, named: Option<&String>) -> Result<String, Error> {
    meant(cx, named)?.ok_or(Error::UserNameNeeded)
}

fn check(iam: &Iam, cx: &Context, action: &str, named: Option<&String>) -> Result<Vec<Check>, Error> {
    Ok(vec![iam.check_tagged::<User>(cx, action, &user_name(cx, named)?)?])
}

fn status(active: bool) -> &'static str {
    if active { "Active" } else { "Inactive" }
}

/// What operations on one key take.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct KeyInput {
    user_name: Option<String>,
    access_key_id: String,
    status: Option<String>,
}

/// A key of a user.
fn key_of(state: &Snapshot, account: &AccountId, user: &User, id: &str) -> Result<AccessKey, Error> {
    let key = state.get(&ACCESS_KEYS, id)?;
    let own = key.filter(|key| key.account == *account && user.access_keys.contains(id));
    own.ok_or_else(|| Error::NoSuchAccessKey(id.to_owned()))
}
