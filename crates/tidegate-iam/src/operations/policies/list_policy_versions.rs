//! `ListPolicyVersions`: the versions of a managed policy.

use super::PolicyInput;
use crate::operations::shared::Iam;
use crate::page::Listed;
use crate::policies::Found;
use crate::tables::{ManagedPolicy, Version};
use crate::views::VersionView;
use crate::{Error, policies};
use tidegate_core::{Context, Operation};

pub(crate) struct ListPolicyVersions;

impl Operation for ListPolicyVersions {
    type Service = Iam;
    type Input = PolicyInput;
    type Output = Listed<VersionView>;
    type Error = Error;
    const NAME: &'static str = "ListPolicyVersions";
    const ACTION: &'static str = "iam:ListPolicyVersions";

    fn resource(_: &Context, input: &PolicyInput) -> String {
        input.policy_arn.clone()
    }

    async fn call(iam: &Iam, cx: &Context, input: PolicyInput) -> Result<Listed<VersionView>, Error> {
        let versions = match policies::find(&iam.state.snapshot(), &cx.account, &input.policy_arn)? {
            None => return Err(Error::NoSuchPolicy(input.policy_arn)),
            Some(Found::Aws(policy)) => vec![(
                String::new(),
                VersionView {
                    document: None,
                    version_id: policy.version.to_owned(),
                    is_default_version: true,
                    create_date: policy.updated,
                },
            )],
            Some(Found::Own(policy)) => own_versions(&policy),
        };
        input.paging.page("Versions", versions)
    }
}

/// The newest first, as AWS lists them.
fn own_versions(policy: &ManagedPolicy) -> Vec<(String, VersionView)> {
    let shown = |(number, version): (&u32, &Version)| {
        let view = VersionView {
            document: None,
            version_id: format!("v{number}"),
            is_default_version: *number == policy.default_version,
            create_date: version.created,
        };
        (format!("{:010}", u32::MAX - number), view)
    };
    policy.versions.iter().map(shown).collect()
}
