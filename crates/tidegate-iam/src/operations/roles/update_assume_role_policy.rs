//! `UpdateAssumeRolePolicy`: another trust policy.

use crate::operations::shared::Iam;
use crate::tables::Role;
use crate::{Error, documents};
use serde::Deserialize;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Snapshot;

pub(crate) struct UpdateAssumeRolePolicy;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    role_name: String,
    policy_document: String,
}

impl Operation for UpdateAssumeRolePolicy {
    type Service = Iam;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "UpdateAssumeRolePolicy";
    const ACTION: &'static str = "iam:UpdateAssumeRolePolicy";

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<Role>(cx, Self::ACTION, &input.role_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let change = move |state: &Snapshot, role: &mut Role| {
            documents::check_trust(state, &account, &input.policy_document)?;
            role.trust = input.policy_document;
            Ok(Empty {})
        };
        iam.change(cx, input.role_name, change).await
    }
}
