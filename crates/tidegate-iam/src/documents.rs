//! Policy documents as they come in: their grammar, their quotas, and whether the principals that they name exist.

use crate::entity::Entity;
use crate::tables::{Role, User};
use crate::{Error, limits, text};
use tidegate_policy::{Kind, Policy};
use tidegate_store::Snapshot;
use tidegate_types::{AccountId, Arn};

/// Checks an identity policy.
pub(crate) fn check_identity(document: &str) -> Result<(), Error> {
    Policy::parse(document, Kind::Identity).map(drop).map_err(Error::from)
}

/// Checks a managed policy and its quota.
pub(crate) fn check_managed(document: &str) -> Result<(), Error> {
    check_identity(document)?;
    within(document, "PolicySize", limits::MANAGED_POLICY_SIZE_MAX)
}

/// Checks a trust policy of an account's role: the account's users and roles that it names must be there. Those of other
/// accounts are taken as they are: most accounts live elsewhere.
pub(crate) fn check_trust(state: &Snapshot, account: &AccountId, document: &str) -> Result<(), Error> {
    let policy = Policy::parse(document, Kind::Trust)?;
    within(document, "ACLSizePerRole", limits::TRUST_POLICY_SIZE_MAX)?;
    for arn in policy.principal_arns() {
        if !exists(state, account, arn)? {
            return Err(Error::NoSuchPrincipal(arn.to_owned()));
        }
    }
    Ok(())
}

fn within(document: &str, quota: &'static str, most: usize) -> Result<(), Error> {
    if text::counted(document) > most { Err(Error::Quota(quota, most)) } else { Ok(()) }
}

/// Whether an IAM user or role is there. Sessions come and go: theirs are taken as they are, too.
fn exists(state: &Snapshot, account: &AccountId, arn: &str) -> Result<bool, Error> {
    let Ok(parsed) = arn.parse::<Arn>() else { return Ok(false) };
    if parsed.account() != account.as_str() {
        return Ok(true);
    }
    let (kind, name) = parsed.resource().split_once('/').unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or_default();
    let found = match kind {
        "user" => User::get(state, account, name).map(|user| user.arn(account)),
        "role" => Role::get(state, account, name).map(|role| role.arn(account)),
        _ => return Ok(true),
    };
    match found {
        Ok(known) => Ok(known == arn),
        Err(Error::NoSuch(..)) => Ok(false),
        Err(error) => Err(error),
    }
}
