//! `DeletePolicy`: only a policy that nobody has, and of one version.

use super::PolicyInput;
use crate::entity::Entity;
use crate::error::InUse;
use crate::operations::shared::Iam;
use crate::policies::Uses;
use crate::{Error, policies};
use tidegate_core::{Context, Empty, Operation};
use tidegate_store::Transaction;

pub(crate) struct DeletePolicy;

impl Operation for DeletePolicy {
    type Service = Iam;
    type Input = PolicyInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeletePolicy";
    const ACTION: &'static str = "iam:DeletePolicy";

    fn resource(_: &Context, input: &PolicyInput) -> String {
        input.policy_arn.clone()
    }

    async fn call(iam: &Iam, cx: &Context, input: PolicyInput) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| {
            let policy = policies::find_own(tx, &account, &input.policy_arn)?;
            if Uses::all(tx, &account)?.counts().contains_key(&input.policy_arn) {
                return Err(Error::InUse(InUse::PolicyAttached));
            }
            if policy.versions.len() > 1 {
                return Err(Error::InUse(InUse::PolicyVersions));
            }
            policy.remove(tx, &account)
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}
