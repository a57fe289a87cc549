//! `ListUsers`: the users below a path.

use crate::Error;
use crate::entity::Entity;
use crate::operations::shared::{Iam, PathInput};
use crate::page::End;
use crate::tables::User;
use crate::views::UserView;
use serde::Serialize;
use tidegate_core::{Context, Operation};

pub(crate) struct ListUsers;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    users: Vec<UserView>,
    #[serde(flatten)]
    end: End,
}

impl Operation for ListUsers {
    type Service = Iam;
    type Input = PathInput;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListUsers";
    const ACTION: &'static str = "iam:ListUsers";

    fn resource(cx: &Context, input: &PathInput) -> String {
        input.resource(cx, User::KIND)
    }

    async fn call(iam: &Iam, cx: &Context, input: PathInput) -> Result<Output, Error> {
        let (users, end) = input.page::<User>(iam, cx)?;
        Ok(Output { users: users.iter().map(|user| UserView::brief(&cx.account, user)).collect(), end })
    }
}
