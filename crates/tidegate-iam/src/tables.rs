//! What is stored. Names are unique without regard to case, so that keys hold them in lower case.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tidegate_store::Table;
use tidegate_types::{AccountId, Tags, Timestamp};

/// An account and a name in lower case.
pub(crate) type NameKey = (AccountId, String);

pub(crate) const ROLES: Table<NameKey, Role> = Table::new("iam.roles");
pub(crate) const USERS: Table<NameKey, User> = Table::new("iam.users");
pub(crate) const GROUPS: Table<NameKey, Group> = Table::new("iam.groups");
pub(crate) const POLICIES: Table<NameKey, ManagedPolicy> = Table::new("iam.policies");
pub(crate) const INSTANCE_PROFILES: Table<NameKey, InstanceProfile> = Table::new("iam.instance-profiles");
/// By key id alone: a request names nothing else.
pub(crate) const ACCESS_KEYS: Table<String, AccessKey> = Table::new("iam.access-keys");
pub(crate) const ALIASES: Table<AccountId, String> = Table::new("iam.account-aliases");
pub(crate) const INSTALLATION: Table<(), Installation> = Table::new("sts.installation");

/// What the first start makes.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Installation {
    /// Seals session tokens.
    pub(crate) token_key: [u8; 32],
    /// When accounts begin to exist.
    pub(crate) created: Timestamp,
}

/// The policies of a user, role or group.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Grants {
    /// Documents by name.
    pub(crate) inline: BTreeMap<String, String>,
    /// ARNs of managed policies.
    pub(crate) attached: BTreeSet<String>,
    /// The ARN of the permissions boundary.
    pub(crate) boundary: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(crate) name: String,
    /// Begins and ends with a slash.
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    /// The trust policy, as it was given.
    pub(crate) trust: String,
    pub(crate) description: Option<String>,
    pub(crate) max_session_s: u32,
    pub(crate) tags: Tags,
    pub(crate) grants: Grants,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) tags: Tags,
    pub(crate) grants: Grants,
    /// Lower-case names.
    pub(crate) groups: BTreeSet<String>,
    pub(crate) access_keys: BTreeSet<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) grants: Grants,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ManagedPolicy {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) description: Option<String>,
    pub(crate) tags: Tags,
    pub(crate) versions: BTreeMap<u32, Version>,
    pub(crate) default_version: u32,
    /// Numbers are never used again.
    pub(crate) next_version: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Version {
    pub(crate) document: String,
    pub(crate) created: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct InstanceProfile {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) tags: Tags,
    /// Lower-case name of the one role that it may have.
    pub(crate) role: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AccessKey {
    pub(crate) account: AccountId,
    /// Lower-case name of the user.
    pub(crate) user: String,
    pub(crate) secret: String,
    pub(crate) active: bool,
    pub(crate) created: Timestamp,
}
