//! `DeleteAccessKey`: a key is gone for good.

use super::{KeyInput, check, key_of, user_name};
use crate::Error;
use crate::entity::Entity;
use crate::operations::shared::Iam;
use crate::tables::{ACCESS_KEYS, User};
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Transaction;

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
