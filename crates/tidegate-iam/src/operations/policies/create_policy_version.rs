//! `CreatePolicyVersion`: a new document of a managed policy, which has at most five.

use super::change;
use crate::operations::shared::Iam;
use crate::tables::{ManagedPolicy, Version};
use crate::views::VersionView;
use crate::{Error, documents, limits};
use serde::Deserialize;
use tidegate_core::{Context, One, Operation};

pub(crate) struct CreatePolicyVersion;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    policy_arn: String,
    policy_document: String,
    #[serde(default)]
    set_as_default: bool,
}

impl Operation for CreatePolicyVersion {
    type Service = Iam;
    type Input = Input;
    type Output = One<VersionView>;
    type Error = Error;
    const NAME: &'static str = "CreatePolicyVersion";
    const ACTION: &'static str = "iam:CreatePolicyVersion";

    fn resource(_: &Context, input: &Input) -> String {
        input.policy_arn.clone()
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<One<VersionView>, Error> {
        documents::check_managed(&input.policy_document)?;
        let created = cx.clock().now();
        let add = move |policy: &mut ManagedPolicy| {
            if policy.versions.len() >= limits::POLICY_VERSIONS_MAX {
                return Err(Error::TooManyVersions);
            }
            let number = policy.next_version;
            policy.versions.insert(number, Version { document: input.policy_document, created });
            policy.next_version += 1;
            if input.set_as_default {
                policy.default_version = number;
            }
            let is_default_version = input.set_as_default;
            Ok(VersionView {
                document: None,
                version_id: format!("v{number}"),
                is_default_version,
                create_date: created,
            })
        };
        Ok(One("PolicyVersion", change(iam, cx, input.policy_arn, add).await?))
    }
}
