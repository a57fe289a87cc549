//! `ListRoles`: the roles below a path.

use crate::Error;
use crate::entity::Entity;
use crate::operations::shared::{Iam, PathInput};
use crate::page::End;
use crate::tables::Role;
use crate::views::RoleView;
use serde::Serialize;
use tidegate_core::{Context, Operation};

pub(crate) struct ListRoles;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    roles: Vec<RoleView>,
    #[serde(flatten)]
    end: End,
}

impl Operation for ListRoles {
    type Service = Iam;
    type Input = PathInput;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListRoles";
    const ACTION: &'static str = "iam:ListRoles";

    fn resource(cx: &Context, input: &PathInput) -> String {
        input.resource(cx, Role::KIND)
    }

    async fn call(iam: &Iam, cx: &Context, input: PathInput) -> Result<Output, Error> {
        let (roles, end) = input.page::<Role>(iam, cx)?;
        Ok(Output { roles: roles.iter().map(|role| RoleView::brief(&cx.account, role)).collect(), end })
    }
}
