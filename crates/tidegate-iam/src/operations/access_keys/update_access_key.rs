//! `UpdateAccessKey`: turns a key on or off.

use super::{KeyInput, check, key_of, user_name};
use crate::Error;
use crate::entity::Entity;
use crate::operations::shared::Iam;
use crate::tables::{ACCESS_KEYS, User};
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Transaction;

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
