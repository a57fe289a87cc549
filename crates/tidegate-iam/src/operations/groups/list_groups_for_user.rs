//! `ListGroupsForUser`: the groups of a user.

use crate::Error;
use crate::entity::Entity;
use crate::operations::entities::list::Listable;
use crate::operations::shared::{Iam, Named};
use crate::page::Listed;
use crate::tables::{Group, User};
use crate::views::GroupView;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct ListGroupsForUser;

impl Operation for ListGroupsForUser {
    type Service = Iam;
    type Input = Named;
    type Output = Listed<GroupView>;
    type Error = Error;
    const NAME: &'static str = "ListGroupsForUser";
    const ACTION: &'static str = "iam:ListGroupsForUser";

    fn checks(iam: &Iam, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<User>(cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Named) -> Result<Listed<GroupView>, Error> {
        let (state, account) = (iam.state.snapshot(), &cx.account);
        let user = User::get(&state, account, &input.name)?;
        let groups = user.groups.iter().map(|name| Group::get(&state, account, name));
        Group::list(groups.collect::<Result<Vec<_>, _>>()?, &input.paging, &state, account)
    }
}
