//! `UpdateRoleDescription`: what `UpdateRole` does, and shows the role.

use crate::Error;
use crate::operations::shared::Iam;
use crate::tables::Role;
use crate::views::RoleView;
use serde::Deserialize;
use tidegate_core::{Check, Context, One, Operation};
use tidegate_store::Snapshot;

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
    type Output = One<RoleView>;
    type Error = Error;
    const NAME: &'static str = "UpdateRoleDescription";
    const ACTION: &'static str = "iam:UpdateRoleDescription";

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<Role>(cx, Self::ACTION, &input.role_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<One<RoleView>, Error> {
        let change = move |_: &Snapshot, role: &mut Role| {
            role.description = Some(input.description).filter(|text| !text.is_empty());
            Ok(role.clone())
        };
        iam.show(cx, &iam.change(cx, input.role_name, change).await?)
    }
}
