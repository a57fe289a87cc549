//! `UpdateGroup`: another name or path; members stay.

use crate::Error;
use crate::entity::{Entity, Kind};
use crate::operations::shared::Iam;
use crate::tables::{Group, User};
use crate::views::Empty;
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;
use tidegate_types::AccountId;

pub(crate) struct UpdateGroup;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    group_name: String,
    new_path: Option<String>,
    new_group_name: Option<String>,
}

impl Operation for UpdateGroup {
    type Service = Iam;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "UpdateGroup";
    const ACTION: &'static str = "iam:UpdateGroup";

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let mut checks = vec![iam.check::<Group>(cx, Self::ACTION, &input.group_name)?];
        if let Some(name) = &input.new_group_name {
            let path = input.new_path.as_deref().unwrap_or("/");
            checks.push(Check::new(Self::ACTION, Kind::Group.arn(&cx.account, path, name)));
        }
        Ok(checks)
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Empty, Error> {
        let account = cx.account.clone();
        iam.state.write(move |tx| rename(tx, &account, input)).await.map(|()| Empty {})
    }
}

fn rename(tx: &mut Transaction, account: &AccountId, input: Input) -> Result<(), Error> {
    let mut group = Group::get(tx, account, &input.group_name)?;
    let old = group.name.to_lowercase();
    group.remove(tx, account)?;
    group.name = input.new_group_name.unwrap_or(group.name);
    group.path = input.new_path.unwrap_or(group.path);
    for mut user in User::all(tx, account)? {
        if user.groups.remove(&old) {
            user.groups.insert(group.name.to_lowercase());
            user.save(tx, account)?;
        }
    }
    group.insert(tx, account)
}
