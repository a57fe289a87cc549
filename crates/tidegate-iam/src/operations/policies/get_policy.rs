//! `GetPolicy`: a managed policy, AWS' own or the account's.

use super::PolicyInput;
use crate::entity::Entity;
use crate::operations::shared::Iam;
use crate::policies::{Found, Uses};
use crate::tables::ManagedPolicy;
use crate::views::PolicyView;
use crate::{Error, policies};
use tidegate_core::{Context, One, Operation};

pub(crate) struct GetPolicy;

impl Operation for GetPolicy {
    type Service = Iam;
    type Input = PolicyInput;
    type Output = One<PolicyView>;
    type Error = Error;
    const NAME: &'static str = "GetPolicy";
    const ACTION: &'static str = "iam:GetPolicy";

    fn resource(_: &Context, input: &PolicyInput) -> String {
        input.policy_arn.clone()
    }

    async fn call(iam: &Iam, cx: &Context, input: PolicyInput) -> Result<One<PolicyView>, Error> {
        let state = iam.state.snapshot();
        match policies::find(&state, &cx.account, &input.policy_arn)? {
            Some(Found::Own(policy)) => iam.show(cx, &*policy),
            Some(Found::Aws(policy)) => {
                let uses = Uses::all(&state, &cx.account)?.of(&input.policy_arn);
                Ok(One(ManagedPolicy::MEMBER, PolicyView::aws(policy, uses)))
            }
            None => Err(Error::NoSuchPolicy(input.policy_arn)),
        }
    }
}
