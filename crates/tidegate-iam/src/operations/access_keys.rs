//! Access keys of users.

use super::Iam;
use super::get_user::meant;
use crate::entity::Entity;
use crate::page::{End, Paging};
use crate::tables::{ACCESS_KEYS, AccessKey, User};
use crate::views::Empty;
use crate::{Error, access, limits};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};
use tidegate_store::{Snapshot, Transaction};
use tidegate_types::{AccountId, Timestamp};

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

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserInput {
    user_name: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct KeyInput {
    user_name: Option<String>,
    access_key_id: String,
    status: Option<String>,
}

pub(crate) struct CreateAccessKey;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreateOutput {
    access_key: NewKey,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NewKey {
    user_name: String,
    access_key_id: String,
    status: &'static str,
    secret_access_key: String,
    create_date: Timestamp,
}

impl Operation for CreateAccessKey {
    type Service = Iam;
    type Input = UserInput;
    type Output = CreateOutput;
    type Error = Error;
    const NAME: &'static str = "CreateAccessKey";
    const ACTION: &'static str = "iam:CreateAccessKey";

    fn checks(iam: &Iam, cx: &Context, input: &UserInput) -> Result<Vec<Check>, Error> {
        check(iam, cx, Self::ACTION, input.user_name.as_ref())
    }

    async fn call(iam: &Iam, cx: &Context, input: UserInput) -> Result<CreateOutput, Error> {
        let name = user_name(cx, input.user_name.as_ref())?;
        let id = format!("AKIA{}", iam.state.ids.upper_alphanumeric(16));
        let key = AccessKey {
            account: cx.account.clone(),
            user: name.to_lowercase(),
            secret: access::new_secret(&iam.state),
            active: true,
            created: cx.clock().now(),
        };
        let shown = NewKey {
            user_name: name.clone(),
            access_key_id: id.clone(),
            status: status(true),
            secret_access_key: key.secret.clone(),
            create_date: key.created,
        };
        let write = move |tx: &mut Transaction| {
            let mut user = User::get(tx, &key.account, &name)?;
            user.access_keys.insert(id.clone());
            if user.access_keys.len() > limits::ACCESS_KEYS_MAX {
                return Err(Error::Quota("AccessKeysPerUser", limits::ACCESS_KEYS_MAX));
            }
            user.save(tx, &key.account)?;
            Ok(tx.put(&ACCESS_KEYS, id.as_str(), &key)?)
        };
        iam.state.write(write).await?;
        Ok(CreateOutput { access_key: shown })
    }
}

pub(crate) struct ListAccessKeys;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListOutput {
    access_key_metadata: Vec<Metadata>,
    #[serde(flatten)]
    end: End,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    user_name: String,
    access_key_id: String,
    status: &'static str,
    create_date: Timestamp,
}

impl Operation for ListAccessKeys {
    type Service = Iam;
    type Input = UserInput;
    type Output = ListOutput;
    type Error = Error;
    const NAME: &'static str = "ListAccessKeys";
    const ACTION: &'static str = "iam:ListAccessKeys";

    fn checks(iam: &Iam, cx: &Context, input: &UserInput) -> Result<Vec<Check>, Error> {
        check(iam, cx, Self::ACTION, input.user_name.as_ref())
    }

    async fn call(iam: &Iam, cx: &Context, input: UserInput) -> Result<ListOutput, Error> {
        let snapshot = iam.state.snapshot();
        let user = User::get(&snapshot, &cx.account, &user_name(cx, input.user_name.as_ref())?)?;
        let mut shown = Vec::new();
        for id in &user.access_keys {
            let key = key_of(&snapshot, &cx.account, &user, id)?;
            let (user_name, status) = (user.name.clone(), status(key.active));
            shown.push((
                id.clone(),
                Metadata { user_name, access_key_id: id.clone(), status, create_date: key.created },
            ));
        }
        let (access_key_metadata, end) = input.paging.page(shown)?;
        Ok(ListOutput { access_key_metadata, end })
    }
}

/// A key of a user.
fn key_of(state: &Snapshot, account: &AccountId, user: &User, id: &str) -> Result<AccessKey, Error> {
    let key = state.get(&ACCESS_KEYS, id)?;
    let own = key.filter(|key| key.account == *account && user.access_keys.contains(id));
    own.ok_or_else(|| Error::NoSuchAccessKey(id.to_owned()))
}

pub(crate) struct UpdateAccessKey;

impl Operation for UpdateAccessKey {
    type Service = Iam;
    type Input = KeyInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "UpdateAccessKey";
    const ACTION: &'static str = "iam:UpdateAccessKey";

    fn checks(iam: &Iam, cx: &Context, input: &KeyInput) -> Result<Vec<Check>, Error> {
        check(iam, cx, Self::ACTION, input.user_name.as_ref())
    }

    async fn call(iam: &Iam, cx: &Context, input: KeyInput) -> Result<Empty, Error> {
        let (account, name) = (cx.account.clone(), user_name(cx, input.user_name.as_ref())?);
        let write = move |tx: &mut Transaction| {
            let user = User::get(tx, &account, &name)?;
            let mut key = key_of(tx, &account, &user, &input.access_key_id)?;
            key.active = input.status.as_deref() == Some("Active");
            Ok(tx.put(&ACCESS_KEYS, input.access_key_id.as_str(), &key)?)
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}

pub(crate) struct DeleteAccessKey;

impl Operation for DeleteAccessKey {
    type Service = Iam;
    type Input = KeyInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteAccessKey";
    const ACTION: &'static str = "iam:DeleteAccessKey";

    fn checks(iam: &Iam, cx: &Context, input: &KeyInput) -> Result<Vec<Check>, Error> {
        check(iam, cx, Self::ACTION, input.user_name.as_ref())
    }

    async fn call(iam: &Iam, cx: &Context, input: KeyInput) -> Result<Empty, Error> {
        let (account, name) = (cx.account.clone(), user_name(cx, input.user_name.as_ref())?);
        let write = move |tx: &mut Transaction| {
            let mut user = User::get(tx, &account, &name)?;
            key_of(tx, &account, &user, &input.access_key_id)?;
            user.access_keys.remove(&input.access_key_id);
            user.save(tx, &account)?;
            Ok(tx.delete(&ACCESS_KEYS, input.access_key_id.as_str())?)
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}

/// Tidegate does not write down each use of a key: the answer is AWS' for a key that was never used.
pub(crate) struct GetAccessKeyLastUsed;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LastUsedOutput {
    user_name: String,
    access_key_last_used: LastUsed,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LastUsed {
    service_name: &'static str,
    region: &'static str,
}

impl Operation for GetAccessKeyLastUsed {
    type Service = Iam;
    type Input = KeyInput;
    type Output = LastUsedOutput;
    type Error = Error;
    const NAME: &'static str = "GetAccessKeyLastUsed";
    const ACTION: &'static str = "iam:GetAccessKeyLastUsed";

    async fn call(iam: &Iam, cx: &Context, input: KeyInput) -> Result<LastUsedOutput, Error> {
        let snapshot = iam.state.snapshot();
        let key = snapshot.get(&ACCESS_KEYS, input.access_key_id.as_str())?.filter(|key| key.account == cx.account);
        let key = key.ok_or(Error::NoSuchAccessKey(input.access_key_id))?;
        let user = User::get(&snapshot, &cx.account, &key.user)?;
        let access_key_last_used = LastUsed { service_name: "N/A", region: "N/A" };
        Ok(LastUsedOutput { user_name: user.name, access_key_last_used })
    }
}
