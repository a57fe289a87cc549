//! `GetRole`: a role with its trust policy.

use super::{RoleInput, RoleOutput};
use crate::Error;
use crate::operations::shared::Iam;
use crate::tables::Role;
use crate::views::RoleView;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetRole;

impl Operation for GetRole {
    type Service = Iam;
    type Input = RoleInput;
    type Output = RoleOutput;
    type Error = Error;
    const NAME: &'static str = "GetRole";
    const ACTION: &'static str = "iam:GetRole";

    fn checks(iam: &Iam, cx: &Context, input: &RoleInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<Role>(cx, Self::ACTION, &input.role_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: RoleInput) -> Result<RoleOutput, Error> {
        Ok(RoleOutput { role: RoleView::full(&cx.account, &iam.get::<Role>(cx, &input.role_name)?) })
    }
}
