//! `GetPolicy`: a managed policy, AWS' own or the account's.

use super::PolicyOutput;
use crate::operations::shared::Iam;
use crate::policies::{Found, Uses};
use crate::views::PolicyView;
use crate::{Error, policies};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

pub(crate) struct GetPolicy;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    policy_arn: String,
}

impl Operation for GetPolicy {
    type Service = Iam;
    type Input = Input;
    type Output = PolicyOutput;
    type Error = Error;
    const NAME: &'static str = "GetPolicy";
    const ACTION: &'static str = "iam:GetPolicy";

    fn resource(_: &Context, input: &Input) -> String {
        input.policy_arn.clone()
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<PolicyOutput, Error> {
        let snapshot = iam.state.snapshot();
        let found = policies::find(&snapshot, &cx.account, &input.policy_arn)?;
        let uses = Uses::all(&snapshot, &cx.account)?.counts().remove(&input.policy_arn).unwrap_or_default();
        let policy = match found {
            Some(Found::Aws(policy)) => PolicyView::aws(policy, uses),
            Some(Found::Own(policy)) => PolicyView::own(&cx.account, &policy, uses),
            None => return Err(Error::NoSuchPolicy(input.policy_arn)),
        };
        Ok(PolicyOutput { policy })
    }
}
