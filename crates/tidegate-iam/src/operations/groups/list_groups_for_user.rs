//! `ListGroupsForUser`: the groups of a user.

use super::ListOutput;
use crate::Error;
use crate::entity::Entity;
use crate::operations::shared::Iam;
use crate::page::Paging;
use crate::tables::{Group, User};
use crate::views::GroupView;
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct ListGroupsForUser;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    user_name: String,
    #[serde(flatten)]
    paging: Paging,
}

impl Operation for ListGroupsForUser {
    type Service = Iam;
    type Input = Input;
    type Output = ListOutput;
    type Error = Error;
    const NAME: &'static str = "ListGroupsForUser";
    const ACTION: &'static str = "iam:ListGroupsForUser";

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<User>(cx, Self::ACTION, &input.user_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<ListOutput, Error> {
        let snapshot = iam.state.snapshot();
        let user = User::get(&snapshot, &cx.account, &input.user_name)?;
        let groups: Vec<Group> =
            user.groups.iter().map(|name| Group::get(&snapshot, &cx.account, name)).collect::<Result<_, _>>()?;
        let (groups, end) = input.paging.page(groups.into_iter().map(|group| (group.order(), group)))?;
        Ok(ListOutput { groups: groups.iter().map(|group| GroupView::of(&cx.account, group)).collect(), end })
    }
}
