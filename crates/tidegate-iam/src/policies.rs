//! Managed policies by ARN, AWS' own and the account's.

use crate::Error;
use crate::entity::Entity;
use crate::managed::{self, AwsPolicy};
use crate::tables::{Group, ManagedPolicy, Role, User, Version};
use std::collections::BTreeMap;
use tidegate_store::Snapshot;
use tidegate_types::{AccountId, Arn};

/// A managed policy, whoever made it.
pub(crate) enum Found {
    Aws(&'static AwsPolicy),
    Own(Box<ManagedPolicy>),
}

impl Found {
    /// The document that counts.
    pub(crate) fn document(&self) -> &str {
        match self {
            Found::Aws(policy) => policy.document,
            Found::Own(policy) => policy.default_version().map_or("", |version| &version.document),
        }
    }
}

impl ManagedPolicy {
    /// The version that counts; there always is one.
    pub(crate) fn default_version(&self) -> Option<&Version> {
        self.versions.get(&self.default_version)
    }

    /// The version of an id such as `v2`.
    pub(crate) fn version(&self, id: &str) -> Option<(u32, &Version)> {
        let number = id.strip_prefix('v')?.parse().ok()?;
        Some((number, self.versions.get(&number)?))
    }
}

/// The policy of an ARN as `account` sees it; `None` if there is none.
pub(crate) fn find(state: &Snapshot, account: &AccountId, arn: &str) -> Result<Option<Found>, Error> {
    let invalid = || Error::InvalidArn(arn.to_owned());
    let parsed: Arn = arn.parse().map_err(|_| invalid())?;
    let path_and_name = parsed.resource().strip_prefix("policy").filter(|rest| rest.starts_with('/'));
    let path_and_name = path_and_name.filter(|_| parsed.service() == "iam").ok_or_else(invalid)?;
    match parsed.account() {
        "aws" => Ok(managed::find(path_and_name).map(Found::Aws)),
        owner if owner == account.as_str() => {
            let name = path_and_name.rsplit('/').next().unwrap_or_default().to_lowercase();
            let policy = state.get(&ManagedPolicy::TABLE, (account, name.as_str()))?;
            Ok(policy.filter(|policy| policy.order() == path_and_name).map(|policy| Found::Own(Box::new(policy))))
        }
        _ => Ok(None),
    }
}

/// The account's own policy of an ARN, to be changed.
pub(crate) fn find_own(state: &Snapshot, account: &AccountId, arn: &str) -> Result<ManagedPolicy, Error> {
    match find(state, account, arn)? {
        Some(Found::Own(policy)) => Ok(*policy),
        Some(Found::Aws(_)) => Err(Error::Unmodifiable(arn.to_owned())),
        None => Err(Error::NoSuchPolicy(arn.to_owned())),
    }
}

/// Who uses a policy.
pub(crate) struct Uses {
    pub(crate) users: Vec<User>,
    pub(crate) roles: Vec<Role>,
    pub(crate) groups: Vec<Group>,
}

impl Uses {
    /// Everything in an account that may use a policy.
    pub(crate) fn all(state: &Snapshot, account: &AccountId) -> Result<Uses, Error> {
        Ok(Uses {
            users: User::all(state, account)?,
            roles: Role::all(state, account)?,
            groups: Group::all(state, account)?,
        })
    }

    /// How often a policy is attached, and how often it is a boundary.
    pub(crate) fn of(&self, arn: &str) -> (usize, usize) {
        self.counts().remove(arn).unwrap_or_default()
    }

    /// The same of each policy that is used, by ARN.
    pub(crate) fn counts(&self) -> BTreeMap<String, (usize, usize)> {
        let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        let users = self.users.iter().map(|user| &user.grants);
        let grants = users.chain(self.roles.iter().map(|r| &r.grants)).chain(self.groups.iter().map(|g| &g.grants));
        for grants in grants {
            grants.attached.iter().for_each(|arn| counts.entry(arn.clone()).or_default().0 += 1);
            grants.boundary.iter().for_each(|arn| counts.entry(arn.clone()).or_default().1 += 1);
        }
        counts
    }
}
