//! `GetGroup`: a group and its members.

use super::{GroupInput, members};
use crate::Error;
use crate::entity::Entity;
use crate::operations::shared::Iam;
use crate::page::End;
use crate::tables::Group;
use crate::views::{GroupView, UserView};
use serde::Serialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetGroup;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    group: GroupView,
    users: Vec<UserView>,
    #[serde(flatten)]
    end: End,
}

impl Operation for GetGroup {
    type Service = Iam;
    type Input = GroupInput;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetGroup";
    const ACTION: &'static str = "iam:GetGroup";

    fn checks(iam: &Iam, cx: &Context, input: &GroupInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<Group>(cx, Self::ACTION, &input.group_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: GroupInput) -> Result<Output, Error> {
        let snapshot = iam.state.snapshot();
        let group = Group::get(&snapshot, &cx.account, &input.group_name)?;
        let members = members(&snapshot, &cx.account, &group)?;
        let (users, end) = input.paging.page(members.into_iter().map(|user| (user.order(), user)))?;
        let users = users.iter().map(|user| UserView::brief(&cx.account, user)).collect();
        Ok(Output { group: GroupView::of(&cx.account, &group), users, end })
    }
}
