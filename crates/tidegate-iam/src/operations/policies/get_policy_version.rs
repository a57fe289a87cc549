//! `GetPolicyVersion`: one version of a managed policy with its document.

use super::VersionInput;
use crate::operations::shared::Iam;
use crate::policies::Found;
use crate::text::percent_encode;
use crate::views::VersionView;
use crate::{Error, policies};
use tidegate_core::{Context, One, Operation};

pub(crate) struct GetPolicyVersion;

impl Operation for GetPolicyVersion {
    type Service = Iam;
    type Input = VersionInput;
    type Output = One<VersionView>;
    type Error = Error;
    const NAME: &'static str = "GetPolicyVersion";
    const ACTION: &'static str = "iam:GetPolicyVersion";

    fn resource(_: &Context, input: &VersionInput) -> String {
        input.policy_arn.clone()
    }

    async fn call(iam: &Iam, cx: &Context, input: VersionInput) -> Result<One<VersionView>, Error> {
        let (arn, id) = (input.policy_arn, input.version_id);
        let found = policies::find(&iam.state.snapshot(), &cx.account, &arn)?;
        let (document, is_default_version, create_date) = match &found {
            None => return Err(Error::NoSuchPolicy(arn)),
            Some(Found::Aws(policy)) if policy.version == id => (policy.document, true, policy.updated),
            Some(Found::Aws(_)) => return Err(Error::NoSuchVersion(arn, id)),
            Some(Found::Own(policy)) => match policy.version(&id) {
                Some((number, v)) => (v.document.as_str(), number == policy.default_version, v.created),
                None => return Err(Error::NoSuchVersion(arn, id)),
            },
        };
        let document = Some(percent_encode(document));
        Ok(One("PolicyVersion", VersionView { document, version_id: id, is_default_version, create_date }))
    }
}
