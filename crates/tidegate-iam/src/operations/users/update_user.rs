//! `UpdateUser`: another name or path; keys and memberships stay.

use crate::Error;
use crate::entity::{Entity, Kind};
use crate::operations::shared::Iam;
use crate::tables::{ACCESS_KEYS, User};
use crate::views::Empty;
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;
use tidegate_types::AccountId;

pub(crate) struct UpdateUser;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    user_name: String,
    new_path: Option<String>,
    new_user_name: Option<String>,
}

impl Operation for UpdateUser {
    type Service = Iam;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "UpdateUser";
    const ACTION: &'static str = "iam:UpdateUser";

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let mut checks = vec![iam.check_tagged::<User>(cx, Self::ACTION, &input.user_name)?];
        if let Some(name) = &input.new_user_name {
            let path = input.new_path.as_deref().unwrap_or("/");
            checks.push(Check::new(Self::ACTION, Kind::User.arn(&cx.account, path, name)));
        }
        Ok(checks)
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Empty, Error> {
        let account = cx.account.clone();
        iam.state.write(move |tx| rename(tx, &account, input)).await.map(|()| Empty {})
    }
}

fn rename(tx: &mut Transaction, account: &AccountId, input: Input) -> Result<(), Error> {
    let mut user = User::get(tx, account, &input.user_name)?;
    user.remove(tx, account)?;
    user.name = input.new_user_name.unwrap_or(user.name);
    user.path = input.new_path.unwrap_or(user.path);
    for id in &user.access_keys {
        if let Some(mut key) = tx.get(&ACCESS_KEYS, id.as_str())? {
            key.user = user.name.to_lowercase();
            tx.put(&ACCESS_KEYS, id.as_str(), &key)?;
        }
    }
    user.insert(tx, account)
}
