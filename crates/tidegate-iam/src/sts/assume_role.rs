//! `AssumeRole`: a session of a role for whom its trust policy lets in.
//!
//! On AWS the root of an account can assume no role at all. Here it can, if the trust policy lets its account in: root is
//! the only identity that a fresh installation has, and stands for the developer.

use super::{CredentialsView, Sts};
use crate::access::{NewSession, role_principal};
use crate::entity::Entity;
use crate::tables::Role;
use crate::views::Tag;
use crate::{Error, documents, limits, policies};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation, PrincipalKind};
use tidegate_types::{AccountId, Arn, Tags};

/// Seconds, if the request does not say.
const DURATION_S_DEFAULT: u32 = 3_600;

pub(crate) struct AssumeRole;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    role_arn: String,
    role_session_name: String,
    #[serde(default)]
    policy_arns: Vec<PolicyArn>,
    policy: Option<String>,
    duration_seconds: Option<u32>,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(default)]
    transitive_tag_keys: Vec<String>,
    external_id: Option<String>,
    serial_number: Option<String>,
    token_code: Option<String>,
    source_identity: Option<String>,
    #[serde(default)]
    provided_contexts: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct PolicyArn {
    arn: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    credentials: CredentialsView,
    assumed_role_user: AssumedRoleUser,
    packed_policy_size: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AssumedRoleUser {
    assumed_role_id: String,
    arn: String,
}

impl Input {
    fn check_offered(&self) -> Result<(), Error> {
        let given = [
            (self.serial_number.is_some(), "multi-factor authentication (SerialNumber)"),
            (self.token_code.is_some(), "multi-factor authentication (TokenCode)"),
            (self.source_identity.is_some(), "SourceIdentity"),
            (!self.transitive_tag_keys.is_empty(), "TransitiveTagKeys"),
            (!self.provided_contexts.is_empty(), "ProvidedContexts"),
        ];
        given.into_iter().find(|(given, _)| *given).map_or(Ok(()), |(_, name)| Err(Error::NotOffered(name)))
    }

    /// One of the permissions that the trust policy must give.
    fn check(&self, action: &str, role: &Role) -> Check {
        let mut check = Check::new(action, &self.role_arn).resource_policy(Some(role.trust.as_str()));
        check = check.with("sts:RoleSessionName", &self.role_session_name);
        if let Some(id) = &self.external_id {
            check = check.with("sts:ExternalId", id);
        }
        self.tags.iter().fold(check, |check, tag| {
            check.with(&format!("aws:RequestTag/{}", tag.key), &tag.value).with("aws:TagKeys", &tag.key)
        })
    }

    /// The session's policies: the document, and managed policies by ARN.
    fn session_policies(&self, sts: &Sts, account: &AccountId) -> Result<Vec<String>, Error> {
        let mut all: Vec<String> = self.policy.iter().cloned().collect();
        all.iter().try_for_each(|document| documents::check_identity(document))?;
        if self.policy_arns.len() > limits::SESSION_POLICY_ARNS_MAX {
            return Err(Error::Quota("PolicyArns", limits::SESSION_POLICY_ARNS_MAX));
        }
        for arn in self.policy_arns.iter().filter_map(|entry| entry.arn.clone()) {
            if policies::find(&sts.state.snapshot(), account, &arn)?.is_none() {
                return Err(Error::NotAttachable(arn));
            }
            all.push(arn);
        }
        Ok(all)
    }

    /// How much of what a session can carry is used, in percent; `None` if nothing is.
    fn packed_size(&self) -> Result<Option<usize>, Error> {
        let tags: usize = self.tags.iter().map(|tag| tag.key.len() + tag.value.len()).sum();
        let arns: usize = self.policy_arns.iter().filter_map(|entry| entry.arn.as_ref()).map(String::len).sum();
        let size = tags + arns + self.policy.as_ref().map_or(0, String::len);
        match (size * 100).div_ceil(limits::PACKED_SIZE_MAX) {
            0 => Ok(None),
            percent if percent > 100 => Err(Error::PackedTooLarge(percent)),
            percent => Ok(Some(percent)),
        }
    }
}

/// The role of an ARN. Who asks for one that is not there learns no more than who may not have it.
fn role(sts: &Sts, cx: &Context, arn: &str) -> Result<(AccountId, Role), Error> {
    let denied = || Error::AssumeDenied { caller: cx.principal.arn(), role: arn.to_owned() };
    let parsed: Arn = arn.parse().map_err(|_| Error::InvalidArn(arn.to_owned()))?;
    let account: AccountId = parsed.account().parse().map_err(|_| Error::InvalidArn(arn.to_owned()))?;
    let name = arn.rsplit('/').next().unwrap_or_default();
    match Role::get(&sts.state.snapshot(), &account, name) {
        Ok(role) if role.arn(&account) == arn => Ok((account, role)),
        Ok(_) | Err(Error::NoSuch(..)) => Err(denied()),
        Err(error) => Err(error),
    }
}

fn duration(cx: &Context, input: &Input, role: &Role) -> Result<u32, Error> {
    let seconds = input.duration_seconds.unwrap_or(DURATION_S_DEFAULT);
    let chained = matches!(cx.principal.kind, PrincipalKind::AssumedRole { .. });
    if chained && seconds > limits::CHAINED_SESSION_S_MAX {
        return Err(Error::ChainedTooLong);
    }
    if seconds > role.max_session_s { Err(Error::DurationTooLong) } else { Ok(seconds) }
}

impl Operation for AssumeRole {
    type Service = Sts;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "AssumeRole";
    const ACTION: &'static str = "sts:AssumeRole";

    fn checks(sts: &Sts, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let (_, role) = role(sts, cx, &input.role_arn)?;
        let mut checks = vec![input.check(Self::ACTION, &role)];
        if !input.tags.is_empty() {
            checks.push(input.check("sts:TagSession", &role));
        }
        Ok(checks)
    }

    async fn call(sts: &Sts, cx: &Context, input: Input) -> Result<Output, Error> {
        input.check_offered()?;
        let (account, role) = role(sts, cx, &input.role_arn)?;
        let duration_s = duration(cx, &input, &role)?;
        let session_policies = input.session_policies(sts, &account)?;
        let packed_policy_size = input.packed_size()?;
        let tags: Tags = input.tags.into_iter().map(|tag| (tag.key, tag.value)).collect();
        let mut principal = role_principal(account, &role, &input.role_session_name, tags);
        principal.session_policies = session_policies;
        let user = AssumedRoleUser { assumed_role_id: principal.user_id(), arn: principal.arn() };
        let credentials = sts.open(NewSession { principal, duration_s })?;
        Ok(Output { credentials: credentials.into(), assumed_role_user: user, packed_policy_size })
    }
}
