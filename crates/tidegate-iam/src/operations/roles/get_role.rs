//! `GetRole`: a role with its trust policy.

use crate::Error;
use crate::operations::shared::Iam;
use crate::tables::Role;
use crate::views::RoleView;
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetRole;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    role_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    role: RoleView,
}

impl Operation for GetRole {
    type Service = Iam;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetRole";
    const ACTION: &'static str = "iam:GetRole";

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<Role>(cx, Self::ACTION, &input.role_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Output, Error> {
        Ok(Output { role: RoleView::full(&cx.account, &iam.get::<Role>(cx, &input.role_name)?) })
    }
}
