//! `GetGroup`: a group and its members.

use crate::Error;
use crate::entity::Entity;
use crate::operations::entities::list::Listable;
use crate::operations::shared::{Iam, Named};
use crate::page::Listed;
use crate::tables::{Group, User};
use crate::views::{GroupView, Shown, UserView};
use serde::Serialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetGroup;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    group: GroupView,
    #[serde(flatten)]
    users: Listed<UserView>,
}

impl Operation for GetGroup {
    type Service = Iam;
    type Input = Named;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetGroup";
    const ACTION: &'static str = "iam:GetGroup";

    fn checks(iam: &Iam, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<Group>(cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Named) -> Result<Output, Error> {
        let (state, account) = (iam.state.snapshot(), &cx.account);
        let group = Group::get(&state, account, &input.name)?;
        let users = User::list(group.members(&state, account)?, &input.paging, &state, account)?;
        Ok(Output { group: group.view(&state, account)?, users })
    }
}
