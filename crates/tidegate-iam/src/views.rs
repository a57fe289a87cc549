//! Entities as answers show them.

use crate::entity::{Entity, Kind};
use crate::managed::AwsPolicy;
use crate::policies;
use crate::tables::{Group, InstanceProfile, ManagedPolicy, Role, User};
use crate::text::percent_encode;
use serde::{Deserialize, Serialize};
use tidegate_types::{AccountId, Tags, Timestamp};

/// An answer without members.
#[derive(Debug, Serialize)]
pub(crate) struct Empty {}

/// One tag.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Tag {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// Tags as a list.
pub(crate) fn tag_list(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() }).collect()
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Boundary {
    permissions_boundary_type: &'static str,
    permissions_boundary_arn: String,
}

impl Boundary {
    fn of(arn: Option<&String>) -> Option<Boundary> {
        let shown =
            |arn: &String| Boundary { permissions_boundary_type: "Policy", permissions_boundary_arn: arn.clone() };
        arn.map(shown)
    }
}

/// When and where a role was used last; Tidegate does not keep that.
#[derive(Debug, Serialize)]
pub(crate) struct RoleLastUsed {}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RoleView {
    path: String,
    role_name: String,
    role_id: String,
    arn: String,
    create_date: Timestamp,
    assume_role_policy_document: String,
    description: Option<String>,
    max_session_duration: u32,
    #[serde(flatten)]
    more: Option<RoleMore>,
}

/// What lists of roles leave out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct RoleMore {
    permissions_boundary: Option<Boundary>,
    tags: Option<Vec<Tag>>,
    role_last_used: RoleLastUsed,
}

impl RoleView {
    /// As lists show it.
    pub(crate) fn brief(account: &AccountId, role: &Role) -> RoleView {
        RoleView {
            path: role.path.clone(),
            role_name: role.name.clone(),
            role_id: role.id.clone(),
            arn: role.arn(account),
            create_date: role.created,
            assume_role_policy_document: percent_encode(&role.trust),
            description: role.description.clone(),
            max_session_duration: role.max_session_s,
            more: None,
        }
    }

    /// With tags, boundary and last use.
    pub(crate) fn full(account: &AccountId, role: &Role) -> RoleView {
        let more = RoleMore {
            permissions_boundary: Boundary::of(role.grants.boundary.as_ref()),
            tags: some_tags(&role.tags),
            role_last_used: RoleLastUsed {},
        };
        RoleView { more: Some(more), ..RoleView::brief(account, role) }
    }
}

/// AWS leaves the list out where it is empty.
fn some_tags(tags: &Tags) -> Option<Vec<Tag>> {
    (!tags.is_empty()).then(|| tag_list(tags))
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserView {
    path: Option<String>,
    user_name: Option<String>,
    user_id: String,
    arn: String,
    create_date: Timestamp,
    permissions_boundary: Option<Boundary>,
    tags: Option<Vec<Tag>>,
}

impl UserView {
    /// As lists show it.
    pub(crate) fn brief(account: &AccountId, user: &User) -> UserView {
        UserView {
            path: Some(user.path.clone()),
            user_name: Some(user.name.clone()),
            user_id: user.id.clone(),
            arn: user.arn(account),
            create_date: user.created,
            permissions_boundary: None,
            tags: None,
        }
    }

    /// With tags and boundary.
    pub(crate) fn full(account: &AccountId, user: &User) -> UserView {
        let permissions_boundary = Boundary::of(user.grants.boundary.as_ref());
        UserView { permissions_boundary, tags: some_tags(&user.tags), ..UserView::brief(account, user) }
    }

    /// The account's root, which has neither name nor path.
    pub(crate) fn root(account: &AccountId, arn: String, created: Timestamp) -> UserView {
        UserView {
            path: None,
            user_name: None,
            user_id: account.to_string(),
            arn,
            create_date: created,
            permissions_boundary: None,
            tags: None,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GroupView {
    path: String,
    group_name: String,
    group_id: String,
    arn: String,
    create_date: Timestamp,
}

impl GroupView {
    pub(crate) fn of(account: &AccountId, group: &Group) -> GroupView {
        GroupView {
            path: group.path.clone(),
            group_name: group.name.clone(),
            group_id: group.id.clone(),
            arn: group.arn(account),
            create_date: group.created,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PolicyView {
    policy_name: String,
    policy_id: String,
    arn: String,
    path: String,
    default_version_id: String,
    attachment_count: usize,
    permissions_boundary_usage_count: usize,
    is_attachable: bool,
    description: Option<String>,
    create_date: Timestamp,
    update_date: Timestamp,
    tags: Option<Vec<Tag>>,
}

impl PolicyView {
    /// `uses`: how often it is attached, and how often it is a boundary.
    pub(crate) fn own(account: &AccountId, policy: &ManagedPolicy, uses: (usize, usize)) -> PolicyView {
        PolicyView {
            policy_name: policy.name.clone(),
            policy_id: policy.id.clone(),
            arn: policies::own_arn(account, policy),
            path: policy.path.clone(),
            default_version_id: format!("v{}", policy.default_version),
            attachment_count: uses.0,
            permissions_boundary_usage_count: uses.1,
            is_attachable: true,
            description: policy.description.clone(),
            create_date: policy.created,
            update_date: policy.updated,
            tags: some_tags(&policy.tags),
        }
    }

    pub(crate) fn aws(policy: &AwsPolicy, uses: (usize, usize)) -> PolicyView {
        PolicyView {
            policy_name: policy.name().to_owned(),
            policy_id: policy.id(),
            arn: policy.arn(),
            path: policy.path().to_owned(),
            default_version_id: policy.version.to_owned(),
            attachment_count: uses.0,
            permissions_boundary_usage_count: uses.1,
            is_attachable: true,
            description: None,
            create_date: policy.created,
            update_date: policy.updated,
            tags: None,
        }
    }

    /// As lists show it: without tags and description.
    pub(crate) fn brief(self) -> PolicyView {
        PolicyView { tags: None, description: None, ..self }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct VersionView {
    /// Left out in lists.
    pub(crate) document: Option<String>,
    pub(crate) version_id: String,
    pub(crate) is_default_version: bool,
    pub(crate) create_date: Timestamp,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct InstanceProfileView {
    path: String,
    instance_profile_name: String,
    instance_profile_id: String,
    arn: String,
    create_date: Timestamp,
    roles: Vec<RoleView>,
    tags: Option<Vec<Tag>>,
}

impl InstanceProfileView {
    pub(crate) fn of(account: &AccountId, profile: &InstanceProfile, role: Option<&Role>) -> InstanceProfileView {
        InstanceProfileView {
            path: profile.path.clone(),
            instance_profile_name: profile.name.clone(),
            instance_profile_id: profile.id.clone(),
            arn: profile.arn(account),
            create_date: profile.created,
            roles: role.map(|role| RoleView::brief(account, role)).into_iter().collect(),
            tags: some_tags(&profile.tags),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AttachedPolicy {
    pub(crate) policy_name: String,
    pub(crate) policy_arn: String,
}

/// A name under the key of its kind: `RoleName`, `UserName` or `GroupName`.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NameOf {
    #[serde(skip_serializing_if = "Option::is_none")]
    role_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_name: Option<String>,
}

impl NameOf {
    pub(crate) fn new(kind: Kind, name: String) -> NameOf {
        match kind {
            Kind::User => NameOf { user_name: Some(name), ..NameOf::default() },
            Kind::Group => NameOf { group_name: Some(name), ..NameOf::default() },
            _ => NameOf { role_name: Some(name), ..NameOf::default() },
        }
    }
}
