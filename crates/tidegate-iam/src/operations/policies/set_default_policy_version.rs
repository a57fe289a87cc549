//! `SetDefaultPolicyVersion`: which version of a policy counts.

use super::{VersionInput, change};
use crate::Error;
use crate::operations::shared::Iam;
use crate::tables::ManagedPolicy;
use tidegate_core::{Context, Empty, Operation};

pub(crate) struct SetDefaultPolicyVersion;

impl Operation for SetDefaultPolicyVersion {
    type Service = Iam;
    type Input = VersionInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "SetDefaultPolicyVersion";
    const ACTION: &'static str = "iam:SetDefaultPolicyVersion";

    fn resource(_: &Context, input: &VersionInput) -> String {
        input.policy_arn.clone()
    }

    async fn call(iam: &Iam, cx: &Context, input: VersionInput) -> Result<Empty, Error> {
        let arn = input.policy_arn.clone();
        let set = move |policy: &mut ManagedPolicy| match policy.version(&input.version_id) {
            Some((number, _)) => {
                policy.default_version = number;
                Ok(Empty {})
            }
            None => Err(Error::NoSuchVersion(input.policy_arn, input.version_id)),
        };
        change(iam, cx, arn, set).await
    }
}
