//! `DeleteGroup`: only a group on which nothing hangs.

use super::{GroupInput, members};
use crate::Error;
use crate::entity::Entity;
use crate::error::InUse;
use crate::operations::shared::Iam;
use crate::tables::Group;
use crate::views::Empty;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct DeleteGroup;

impl Operation for DeleteGroup {
    type Service = Iam;
    type Input = GroupInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteGroup";
    const ACTION: &'static str = "iam:DeleteGroup";

    fn checks(iam: &Iam, cx: &Context, input: &GroupInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<Group>(cx, Self::ACTION, &input.group_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: GroupInput) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| {
            let group = Group::get(tx, &account, &input.group_name)?;
            if !members(tx, &account, &group)?.is_empty() {
                return Err(Error::InUse(InUse::Membership));
            }
            if !group.grants.attached.is_empty() {
                return Err(Error::InUse(InUse::Attached));
            }
            if !group.grants.inline.is_empty() {
                return Err(Error::InUse(InUse::Inline));
            }
            group.remove(tx, &account)
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}
