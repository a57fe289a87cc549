//! `DeletePolicyVersion`: removes a version that does not count.

use super::{VersionInput, change};
use crate::Error;
use crate::error::InUse;
use crate::operations::shared::Iam;
use crate::tables::ManagedPolicy;
use tidegate_core::{Context, Empty, Operation};

pub(crate) struct DeletePolicyVersion;

impl Operation for DeletePolicyVersion {
    type Service = Iam;
    type Input = VersionInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeletePolicyVersion";
    const ACTION: &'static str = "iam:DeletePolicyVersion";

    fn resource(_: &Context, input: &VersionInput) -> String {
        input.policy_arn.clone()
    }

    async fn call(iam: &Iam, cx: &Context, input: VersionInput) -> Result<Empty, Error> {
        let arn = input.policy_arn.clone();
        let delete = move |policy: &mut ManagedPolicy| match policy.version(&input.version_id).map(|(n, _)| n) {
            Some(number) if number == policy.default_version => Err(Error::InUse(InUse::DefaultVersion)),
            Some(number) => {
                policy.versions.remove(&number);
                Ok(Empty {})
            }
            None => Err(Error::NoSuchVersion(input.policy_arn, input.version_id)),
        };
        change(iam, cx, arn, delete).await
    }
}
