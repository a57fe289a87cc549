//! The account itself: its summary and its alias.

use super::Iam;
use crate::entity::Entity;
use crate::page::{End, Paging};
use crate::policies::Uses;
use crate::tables::{ALIASES, InstanceProfile, ManagedPolicy};
use crate::views::Empty;
use crate::{Error, limits};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tidegate_core::{Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct GetAccountSummary;

#[derive(Deserialize)]
pub(crate) struct NoInput {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SummaryOutput {
    summary_map: BTreeMap<&'static str, usize>,
}

impl Operation for GetAccountSummary {
    type Service = Iam;
    type Input = NoInput;
    type Output = SummaryOutput;
    type Error = Error;
    const NAME: &'static str = "GetAccountSummary";
    const ACTION: &'static str = "iam:GetAccountSummary";

    async fn call(iam: &Iam, cx: &Context, _: NoInput) -> Result<SummaryOutput, Error> {
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
        Ok(SummaryOutput { summary_map })
    }
}

pub(crate) struct ListAccountAliases;

#[derive(Deserialize)]
pub(crate) struct ListInput {
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListOutput {
    account_aliases: Vec<String>,
    #[serde(flatten)]
    end: End,
}

impl Operation for ListAccountAliases {
    type Service = Iam;
    type Input = ListInput;
    type Output = ListOutput;
    type Error = Error;
    const NAME: &'static str = "ListAccountAliases";
    const ACTION: &'static str = "iam:ListAccountAliases";

    async fn call(iam: &Iam, cx: &Context, input: ListInput) -> Result<ListOutput, Error> {
        let alias = iam.state.snapshot().get(&ALIASES, &cx.account)?;
        let (account_aliases, end) = input.paging.page(alias.map(|alias| (alias.clone(), alias)))?;
        Ok(ListOutput { account_aliases, end })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AliasInput {
    account_alias: String,
}

/// An account has one alias; a new one takes the old one's place. No two accounts have the same.
pub(crate) struct CreateAccountAlias;

impl Operation for CreateAccountAlias {
    type Service = Iam;
    type Input = AliasInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "CreateAccountAlias";
    const ACTION: &'static str = "iam:CreateAccountAlias";

    async fn call(iam: &Iam, cx: &Context, input: AliasInput) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| {
            for entry in tx.scan(&ALIASES, ()) {
                let (owner, alias) = entry?;
                if alias == input.account_alias && owner != account {
                    return Err(Error::AliasExists(alias));
                }
            }
            Ok(tx.put(&ALIASES, &account, &input.account_alias)?)
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}

pub(crate) struct DeleteAccountAlias;

impl Operation for DeleteAccountAlias {
    type Service = Iam;
    type Input = AliasInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteAccountAlias";
    const ACTION: &'static str = "iam:DeleteAccountAlias";

    async fn call(iam: &Iam, cx: &Context, input: AliasInput) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| match tx.get(&ALIASES, &account)? {
            Some(alias) if alias == input.account_alias => Ok(tx.delete(&ALIASES, &account)?),
            _ => Err(Error::NoSuchAlias(input.account_alias)),
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}
