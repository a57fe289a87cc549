//! Managed policies and their versions, one of which counts.

pub(super) mod create_policy;
pub(super) mod create_policy_version;
pub(super) mod delete_policy;
pub(super) mod delete_policy_version;
pub(super) mod get_policy;
pub(super) mod get_policy_version;
pub(super) mod list_entities_for_policy;
pub(super) mod list_policies;
pub(super) mod list_policy_versions;
pub(super) mod set_default_policy_version;
pub(super) mod simulate_principal_policy;

use crate::entity::Entity;
use crate::operations::shared::Iam;
use crate::page::Paging;
use crate::tables::ManagedPolicy;
use crate::{Error, policies};
use serde::Deserialize;
use tidegate_core::Context;
use tidegate_store::Transaction;

/// What operations on one policy take, and page by page on its versions.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PolicyInput {
    policy_arn: String,
    #[serde(flatten)]
    paging: Paging,
}

/// What operations on one version take.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct VersionInput {
    policy_arn: String,
    version_id: String,
}

/// Changes the account's own policy of an ARN.
async fn change<R: Send + 'static>(
    iam: &Iam,
    cx: &Context,
    arn: String,
    change: impl FnOnce(&mut ManagedPolicy) -> Result<R, Error> + Send + 'static,
) -> Result<R, Error> {
    let (account, now) = (cx.account.clone(), cx.clock().now());
    let write = move |tx: &mut Transaction| {
        let mut policy = policies::find_own(tx, &account, &arn)?;
        let answer = change(&mut policy)?;
        policy.updated = now;
        policy.save(tx, &account)?;
        Ok(answer)
    };
    iam.state.write(write).await
}
