//! The versions of managed policies, at most five, one of which counts; and `DeletePolicy`.

use super::Iam;
use crate::entity::Entity;
use crate::error::InUse;
use crate::page::{End, Paging};
use crate::policies::{self, Found, Uses};
use crate::tables::{ManagedPolicy, Version};
use crate::text::percent_encode;
use crate::views::{Empty, VersionView};
use crate::{Error, documents, limits};
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};
use tidegate_store::Transaction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PolicyInput {
    policy_arn: String,
    #[serde(flatten)]
    paging: Paging,
}

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

pub(crate) struct CreatePolicyVersion;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreateInput {
    policy_arn: String,
    policy_document: String,
    #[serde(default)]
    set_as_default: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct VersionOutput {
    policy_version: VersionView,
}

impl Operation for CreatePolicyVersion {
    type Service = Iam;
    type Input = CreateInput;
    type Output = VersionOutput;
    type Error = Error;
    const NAME: &'static str = "CreatePolicyVersion";
    const ACTION: &'static str = "iam:CreatePolicyVersion";

    fn resource(_: &Context, input: &CreateInput) -> String {
        input.policy_arn.clone()
    }

    async fn call(iam: &Iam, cx: &Context, input: CreateInput) -> Result<VersionOutput, Error> {
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
        Ok(VersionOutput { policy_version: change(iam, cx, input.policy_arn, add).await? })
    }
}

pub(crate) struct GetPolicyVersion;

impl Operation for GetPolicyVersion {
    type Service = Iam;
    type Input = VersionInput;
    type Output = VersionOutput;
    type Error = Error;
    const NAME: &'static str = "GetPolicyVersion";
    const ACTION: &'static str = "iam:GetPolicyVersion";

    fn resource(_: &Context, input: &VersionInput) -> String {
        input.policy_arn.clone()
    }

    async fn call(iam: &Iam, cx: &Context, input: VersionInput) -> Result<VersionOutput, Error> {
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
        Ok(VersionOutput { policy_version: VersionView { document, version_id: id, is_default_version, create_date } })
    }
}

pub(crate) struct ListPolicyVersions;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListOutput {
    versions: Vec<VersionView>,
    #[serde(flatten)]
    end: End,
}

impl Operation for ListPolicyVersions {
    type Service = Iam;
    type Input = PolicyInput;
    type Output = ListOutput;
    type Error = Error;
    const NAME: &'static str = "ListPolicyVersions";
    const ACTION: &'static str = "iam:ListPolicyVersions";

    fn resource(_: &Context, input: &PolicyInput) -> String {
        input.policy_arn.clone()
    }

    async fn call(iam: &Iam, cx: &Context, input: PolicyInput) -> Result<ListOutput, Error> {
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
        let (versions, end) = input.paging.page(versions)?;
        Ok(ListOutput { versions, end })
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
