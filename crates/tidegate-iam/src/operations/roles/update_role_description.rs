//! `UpdateRoleDescription`: what `UpdateRole` does, and shows the role.

use super::RoleOutput;
use crate::Error;
use crate::operations::shared::Iam;
use crate::tables::Role;
use crate::views::RoleView;
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct UpdateRoleDescription;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    role_name: String,
    description: String,
}

impl Operation for UpdateRoleDescription {
    type Service = Iam;
    type Input = Input;
    type Output = RoleOutput;
    type Error = Error;
    const NAME: &'static str = "UpdateRoleDescription";
    const ACTION: &'static str = "iam:UpdateRoleDescription";

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<Role>(cx, Self::ACTION, &input.role_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<RoleOutput, Error> {
        let change = move |role: &mut Role| {
            role.description = Some(input.description).filter(|text| !text.is_empty());
            Ok(role.clone())
        };
        let role = iam.change(cx, input.role_name, change).await?;
        Ok(RoleOutput { role: RoleView::full(&cx.account, &role) })
    }
}
