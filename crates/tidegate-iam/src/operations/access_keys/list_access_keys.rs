//! `ListAccessKeys`: a user's keys without their secrets.

use super::{check, key_of, status, user_name};
use crate::Error;
use crate::entity::Entity;
use crate::operations::shared::{Iam, UserInput};
use crate::page::Listed;
use crate::tables::User;
use serde::Serialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_types::Timestamp;

pub(crate) struct ListAccessKeys;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Metadata {
    user_name: String,
    access_key_id: String,
    status: &'static str,
    create_date: Timestamp,
}

impl Operation for ListAccessKeys {
    type Service = Iam;
    type Input = UserInput;
    type Output = Listed<Metadata>;
    type Error = Error;
    const NAME: &'static str = "ListAccessKeys";
    const ACTION: &'static str = "iam:ListAccessKeys";

    fn checks(iam: &Iam, cx: &Context, input: &UserInput) -> Result<Vec<Check>, Error> {
        check(iam, cx, Self::ACTION, input.user_name.as_ref())
    }

    async fn call(iam: &Iam, cx: &Context, input: UserInput) -> Result<Listed<Metadata>, Error> {
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
        input.paging.page("AccessKeyMetadata", shown)
    }
}
