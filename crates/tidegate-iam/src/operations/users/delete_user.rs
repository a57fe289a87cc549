//! `DeleteUser`: only a user on whom nothing hangs.

use crate::Error;
use crate::entity::Entity;
use crate::error::InUse;
use crate::operations::shared::Iam;
use crate::tables::User;
use crate::views::Empty;
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct DeleteUser;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    user_name: String,
}

impl Operation for DeleteUser {
    type Service = Iam;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteUser";
    const ACTION: &'static str = "iam:DeleteUser";

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<User>(cx, Self::ACTION, &input.user_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| {
            let user = User::get(tx, &account, &input.user_name)?;
            let reasons = [
                (user.access_keys.is_empty(), InUse::AccessKeys),
                (user.groups.is_empty(), InUse::Membership),
                (user.grants.attached.is_empty(), InUse::Attached),
                (user.grants.inline.is_empty(), InUse::Inline),
            ];
            match reasons.into_iter().find(|(free, _)| !free) {
                Some((_, reason)) => Err(Error::InUse(reason)),
                None => user.remove(tx, &account),
            }
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}
