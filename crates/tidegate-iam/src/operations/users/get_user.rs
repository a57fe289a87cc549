//! `GetUser`: a user, or whoever asks.

use crate::Error;
use crate::entity::Entity;
use crate::operations::shared::{Iam, UserInput, meant};
use crate::tables::User;
use crate::views::UserView;
use tidegate_core::{Check, Context, One, Operation};

pub(crate) struct GetUser;

impl Operation for GetUser {
    type Service = Iam;
    type Input = UserInput;
    type Output = One<UserView>;
    type Error = Error;
    const NAME: &'static str = "GetUser";
    const ACTION: &'static str = "iam:GetUser";

    fn checks(iam: &Iam, cx: &Context, input: &UserInput) -> Result<Vec<Check>, Error> {
        input.check(iam, cx, Self::ACTION)
    }

    async fn call(iam: &Iam, cx: &Context, input: UserInput) -> Result<One<UserView>, Error> {
        let root = || UserView::root(&cx.account, cx.principal.arn(), iam.state.installation.created);
        match meant(cx, input.user_name.as_ref())? {
            Some(name) => iam.show(cx, &iam.get::<User>(cx, &name)?),
            None => Ok(One(User::MEMBER, root())),
        }
    }
}
