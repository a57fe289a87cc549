//! What users, roles, groups, policies and instance profiles have in common: a name in an account, a path, an ARN.

use crate::Error;
use crate::limits;
use crate::tables::{self, Grants, Group, InstanceProfile, ManagedPolicy, NameKey, Role, User};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Display;
use tidegate_store::{Snapshot, Table, Transaction};
use tidegate_types::{AccountId, Arn, Tags};

/// Of entities that cannot have any.
static NO_TAGS: Tags = Tags::new();

/// The kinds of entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An IAM user.
    User,
    /// A role.
    Role,
    /// A group of users.
    Group,
    /// A customer managed policy.
    Policy,
    /// An instance profile.
    InstanceProfile,
}

impl Kind {
    /// As it stands in sentences.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::User => "user",
            Kind::Role => "role",
            Kind::Group => "group",
            Kind::Policy => "policy",
            Kind::InstanceProfile => "instance profile",
        }
    }

    /// As it begins a sentence.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Kind::User => "User",
            Kind::Role => "Role",
            Kind::Group => "Group",
            Kind::Policy => "Policy",
            Kind::InstanceProfile => "Instance Profile",
        }
    }

    /// The ARN of one of this kind.
    pub(crate) fn arn(self, account: &AccountId, path: &str, name: impl Display) -> String {
        let kind = if self == Kind::InstanceProfile { "instance-profile" } else { self.word() };
        Arn::global("iam", account, format_args!("{kind}{path}{name}")).to_string()
    }

    /// The beginning of unique ids.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>
    pub(crate) fn id_prefix(self) -> &'static str {
        match self {
            Kind::User => "AIDA",
            Kind::Role => "AROA",
            Kind::Group => "AGPA",
            Kind::Policy => "ANPA",
            Kind::InstanceProfile => "AIPA",
        }
    }
}

/// Something with a name that is stored in an account.
pub(crate) trait Entity: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    const TABLE: Table<NameKey, Self>;
    const KIND: Kind;
    /// The member of an answer that holds one of the kind.
    const MEMBER: &'static str;
    /// The quota's name.
    const TAGS_QUOTA: &'static str;

    fn name(&self) -> &str;
    fn path(&self) -> &str;
    /// Gives it another name or path, where they are given.
    fn rename(&mut self, name: Option<String>, path: Option<String>);

    fn tags(&self) -> &Tags {
        &NO_TAGS
    }

    fn arn(&self, account: &AccountId) -> String {
        Self::KIND.arn(account, self.path(), self.name())
    }

    /// Where it orders in lists, which go by path.
    fn order(&self) -> String {
        format!("{}{}", self.path(), self.name())
    }

    fn get(state: &Snapshot, account: &AccountId, name: &str) -> Result<Self, Error> {
        let found = state.get(&Self::TABLE, (account, name.to_lowercase().as_str()))?;
        found.ok_or_else(|| Error::NoSuch(Self::KIND, name.to_owned()))
    }

    fn all(state: &Snapshot, account: &AccountId) -> Result<Vec<Self>, Error> {
        let entries = state.scan(&Self::TABLE, (account,));
        Ok(entries.map(|entry| entry.map(|(_, value)| value)).collect::<Result<_, _>>()?)
    }

    /// Stores a new one.
    fn insert(&self, tx: &mut Transaction, account: &AccountId) -> Result<(), Error> {
        let key = self.name().to_lowercase();
        if tx.contains(&Self::TABLE, (account, key.as_str()))? {
            return Err(Error::Exists(Self::KIND, self.name().to_owned()));
        }
        Ok(tx.put(&Self::TABLE, (account, key.as_str()), self)?)
    }

    /// Stores one that was there.
    fn save(&self, tx: &mut Transaction, account: &AccountId) -> Result<(), Error> {
        Ok(tx.put(&Self::TABLE, (account, self.name().to_lowercase().as_str()), self)?)
    }

    fn remove(&self, tx: &mut Transaction, account: &AccountId) -> Result<(), Error> {
        Ok(tx.delete(&Self::TABLE, (account, self.name().to_lowercase().as_str()))?)
    }
}

/// The name of an operation and of its IAM action.
#[derive(Clone, Copy)]
pub(crate) struct Verb {
    pub(crate) name: &'static str,
    pub(crate) action: &'static str,
}

macro_rules! verb {
    ($($part:literal),+) => {
        $crate::entity::Verb { name: concat!($($part),+), action: concat!("iam:", $($part),+) }
    };
}
pub(crate) use verb;

/// What has policies: users, roles, groups.
pub(crate) trait Grantee: Entity {
    /// Characters that all inline policies may have together.
    const INLINE_SIZE_MAX: usize;
    /// The quota's name.
    const ATTACHED_QUOTA: &'static str;
    const PUT_POLICY: Verb;
    const GET_POLICY: Verb;
    const DELETE_POLICY: Verb;
    const LIST_POLICIES: Verb;
    const ATTACH: Verb;
    const DETACH: Verb;
    const LIST_ATTACHED: Verb;

    fn grants(&self) -> &Grants;
    fn grants_mut(&mut self) -> &mut Grants;
}

/// What can have a permissions boundary: users and roles.
pub(crate) trait Bounded: Grantee {
    const PUT_BOUNDARY: Verb;
    const DELETE_BOUNDARY: Verb;
}

/// What can have tags.
pub(crate) trait Tagged: Entity {
    const TAG: Verb;
    const UNTAG: Verb;
    const LIST_TAGS: Verb;

    fn tags_mut(&mut self) -> &mut Tags;
}

macro_rules! entity {
    ($type:ty, $kind:ident, $table:ident $(, $tags:ident)?) => {
        impl Entity for $type {
            const TABLE: Table<NameKey, Self> = tables::$table;
            const KIND: Kind = Kind::$kind;
            const MEMBER: &'static str = stringify!($kind);
            const TAGS_QUOTA: &'static str = concat!("TagsPer", stringify!($kind));

            fn name(&self) -> &str {
                &self.name
            }

            fn path(&self) -> &str {
                &self.path
            }

            fn rename(&mut self, name: Option<String>, path: Option<String>) {
                name.into_iter().for_each(|name| self.name = name);
                path.into_iter().for_each(|path| self.path = path);
            }
            $(
                fn $tags(&self) -> &Tags {
                    &self.$tags
                }
            )?
        }
    };
}

macro_rules! grantee {
    ($type:ty, $word:literal, $limit:ident) => {
        impl Grantee for $type {
            const INLINE_SIZE_MAX: usize = limits::$limit;
            const ATTACHED_QUOTA: &'static str = concat!("PoliciesPer", $word);
            const PUT_POLICY: Verb = verb!("Put", $word, "Policy");
            const GET_POLICY: Verb = verb!("Get", $word, "Policy");
            const DELETE_POLICY: Verb = verb!("Delete", $word, "Policy");
            const LIST_POLICIES: Verb = verb!("List", $word, "Policies");
            const ATTACH: Verb = verb!("Attach", $word, "Policy");
            const DETACH: Verb = verb!("Detach", $word, "Policy");
            const LIST_ATTACHED: Verb = verb!("ListAttached", $word, "Policies");

            fn grants(&self) -> &Grants {
                &self.grants
            }

            fn grants_mut(&mut self) -> &mut Grants {
                &mut self.grants
            }
        }
    };
}

macro_rules! bounded {
    ($type:ty, $word:literal) => {
        impl Bounded for $type {
            const PUT_BOUNDARY: Verb = verb!("Put", $word, "PermissionsBoundary");
            const DELETE_BOUNDARY: Verb = verb!("Delete", $word, "PermissionsBoundary");
        }
    };
}

macro_rules! tagged {
    ($type:ty, $word:literal) => {
        impl Tagged for $type {
            const TAG: Verb = verb!("Tag", $word);
            const UNTAG: Verb = verb!("Untag", $word);
            const LIST_TAGS: Verb = verb!("List", $word, "Tags");

            fn tags_mut(&mut self) -> &mut Tags {
                &mut self.tags
            }
        }
    };
}

entity!(User, User, USERS, tags);
entity!(Role, Role, ROLES, tags);
entity!(Group, Group, GROUPS);
entity!(ManagedPolicy, Policy, POLICIES, tags);
entity!(InstanceProfile, InstanceProfile, INSTANCE_PROFILES, tags);
grantee!(User, "User", USER_INLINE_SIZE_MAX);
grantee!(Role, "Role", ROLE_INLINE_SIZE_MAX);
grantee!(Group, "Group", GROUP_INLINE_SIZE_MAX);
bounded!(User, "User");
bounded!(Role, "Role");
tagged!(User, "User");
tagged!(Role, "Role");
tagged!(ManagedPolicy, "Policy");
tagged!(InstanceProfile, "InstanceProfile");
