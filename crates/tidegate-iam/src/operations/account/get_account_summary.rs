//! `GetAccountSummary`: how much of what an account has, and its quotas.

use crate::entity::Entity;
use crate::operations::shared::Iam;
use crate::policies::Uses;
use crate::tables::{InstanceProfile, ManagedPolicy};
use crate::{Error, limits};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tidegate_core::{Context, Operation};

pub(crate) struct GetAccountSummary;

#[derive(Deserialize)]
pub(crate) struct Input {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    summary_map: BTreeMap<&'static str, usize>,
}

impl Operation for GetAccountSummary {
    type Service = Iam;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetAccountSummary";
    const ACTION: &'static str = "iam:GetAccountSummary";

    async fn call(iam: &Iam, cx: &Context, _: Input) -> Result<Output, Error> {
        let snapshot = iam.state.snapshot();
        let uses = Uses::all(&snapshot, &cx.account)?;
        let policies = ManagedPolicy::all(&snapshot, &cx.account)?;
        let summary_map = BTreeMap::from([
            ("Users", uses.users.len()),
            ("Groups", uses.groups.len()),
            ("Roles", uses.roles.len()),
            ("Policies", policies.len()),
            ("PolicyVersionsInUse", policies.iter().map(|policy| policy.versions.len()).sum()),
            ("InstanceProfiles", InstanceProfile::all(&snapshot, &cx.account)?.len()),
            ("MFADevices", 0),
            ("MFADevicesInUse", 0),
            ("AccountMFAEnabled", 0),
            ("AccountAccessKeysPresent", 0),
            ("AccessKeysPerUserQuota", limits::ACCESS_KEYS_MAX),
            ("GroupsPerUserQuota", limits::GROUPS_OF_USER_MAX),
            ("VersionsPerPolicyQuota", limits::POLICY_VERSIONS_MAX),
            ("PolicySizeQuota", limits::MANAGED_POLICY_SIZE_MAX),
            ("UserPolicySizeQuota", limits::USER_INLINE_SIZE_MAX),
            ("GroupPolicySizeQuota", limits::GROUP_INLINE_SIZE_MAX),
            ("RolePolicySizeQuota", limits::ROLE_INLINE_SIZE_MAX),
            ("AssumeRolePolicySizeQuota", limits::TRUST_POLICY_SIZE_MAX),
            ("AttachedPoliciesPerUserQuota", limits::ATTACHED_POLICIES_MAX),
            ("AttachedPoliciesPerGroupQuota", limits::ATTACHED_POLICIES_MAX),
            ("AttachedPoliciesPerRoleQuota", limits::ATTACHED_POLICIES_MAX),
        ]);
        Ok(Output { summary_map })
    }
}
