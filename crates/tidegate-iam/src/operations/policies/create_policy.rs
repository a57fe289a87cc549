//! `CreatePolicy`: a managed policy, whose first version is `v1`.

use super::PolicyOutput;
use crate::entity::{Entity, Kind, Tagged};
use crate::operations::shared::{Iam, check_new, new_path, new_tags};
use crate::tables::{ManagedPolicy, Version};
use crate::views::{PolicyView, Tag};
use crate::{Error, documents};
use serde::Deserialize;
use std::collections::BTreeMap;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct CreatePolicy;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    policy_name: String,
    path: Option<String>,
    policy_document: String,
    description: Option<String>,
    tags: Option<Vec<Tag>>,
}

impl Operation for CreatePolicy {
    type Service = Iam;
    type Input = Input;
    type Output = PolicyOutput;
    type Error = Error;
    const NAME: &'static str = "CreatePolicy";
    const ACTION: &'static str = "iam:CreatePolicy";

    fn checks(_: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let (path, tags) = (input.path.as_ref(), input.tags.as_deref());
        Ok(vec![check_new(cx, Self::ACTION, Kind::Policy, path, &input.policy_name, tags)])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<PolicyOutput, Error> {
        documents::check_managed(&input.policy_document)?;
        let created = cx.clock().now();
        let policy = ManagedPolicy {
            name: input.policy_name,
            path: new_path(input.path),
            id: iam.new_id(Kind::Policy),
            created,
            updated: created,
            description: input.description,
            tags: new_tags(input.tags, ManagedPolicy::TAGS_QUOTA)?,
            versions: BTreeMap::from([(1, Version { document: input.policy_document, created })]),
            default_version: 1,
            next_version: 2,
        };
        let (account, new) = (cx.account.clone(), policy.clone());
        iam.state.write(move |tx| new.insert(tx, &account)).await?;
        Ok(PolicyOutput { policy: PolicyView::own(&cx.account, &policy, (0, 0)) })
    }
}
