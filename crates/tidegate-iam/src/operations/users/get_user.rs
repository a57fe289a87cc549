//! `GetUser`: a user, or whoever asks.

use super::UserOutput;
use crate::Error;
use crate::entity::Kind;
use crate::operations::shared::{Iam, meant};
use crate::tables::User;
use crate::views::UserView;
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetUser;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    user_name: Option<String>,
}

impl Operation for GetUser {
    type Service = Iam;
    type Input = Input;
    type Output = UserOutput;
    type Error = Error;
    const NAME: &'static str = "GetUser";
    const ACTION: &'static str = "iam:GetUser";

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let check = match meant(cx, input.user_name.as_ref())? {
            Some(name) => iam.check_tagged::<User>(cx, Self::ACTION, &name)?,
            None => Check::new(Self::ACTION, Kind::User.arn(&cx.account, "/", "root")),
        };
        Ok(vec![check])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<UserOutput, Error> {
        let user = match meant(cx, input.user_name.as_ref())? {
            Some(name) => UserView::full(&cx.account, &iam.get::<User>(cx, &name)?),
            None => UserView::root(&cx.account, cx.principal.arn(), iam.state.installation.created),
        };
        Ok(UserOutput { user })
    }
}
