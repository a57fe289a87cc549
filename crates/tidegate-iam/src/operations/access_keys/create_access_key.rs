//! `CreateAccessKey`: a new key of a user, at most two; its secret is shown this once.

use super::{check, status, user_name};
use crate::entity::Entity;
use crate::operations::shared::{Iam, UserInput};
use crate::tables::{ACCESS_KEYS, AccessKey, User};
use crate::{Error, access, limits};
use serde::Serialize;
use tidegate_core::{Check, Context, One, Operation};
use tidegate_store::Transaction;
use tidegate_types::Timestamp;

pub(crate) struct CreateAccessKey;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NewKey {
    user_name: String,
    access_key_id: String,
    status: &'static str,
    secret_access_key: String,
    create_date: Timestamp,
}

impl Operation for CreateAccessKey {
    type Service = Iam;
    type Input = UserInput;
    type Output = One<NewKey>;
    type Error = Error;
    const NAME: &'static str = "CreateAccessKey";
    const ACTION: &'static str = "iam:CreateAccessKey";

    fn checks(iam: &Iam, cx: &Context, input: &UserInput) -> Result<Vec<Check>, Error> {
        check(iam, cx, Self::ACTION, input.user_name.as_ref())
    }

    async fn call(iam: &Iam, cx: &Context, input: UserInput) -> Result<One<NewKey>, Error> {
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
        Ok(One("AccessKey", shown))
    }
}
