//! Entities as answers show them.

use crate::Error;
use crate::entity::{Entity, Kind};
use crate::managed::AwsPolicy;
use crate::policies::Uses;
use crate::tables::{Group, InstanceProfile, ManagedPolicy, ROLES, Role, User};
use crate::text::percent_encode;
use serde::{Deserialize, Serialize};
use tidegate_store::Snapshot;
use tidegate_types::{AccountId, Tags, Timestamp};

/// An entity as answers about it alone show it.
pub(crate) trait Shown: Entity {
    type View: Serialize + Send;

    fn view(&self, state: &Snapshot, account: &AccountId) -> Result<Self::View, Error>;

    /// As lists show it, which may leave something out.
    fn brief(&self, state: &Snapshot, account: &AccountId) -> Result<Self::View, Error> {
        self.view(state, account)
    }
}

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
    fn brief(account: &AccountId, role: &Role) -> RoleView {
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
}

impl Shown for Role {
    type View = RoleView;

    fn view(&self, _: &Snapshot, account: &AccountId) -> Result<RoleView, Error> {
        let more = RoleMore {
            permissions_boundary: Boundary::of(self.grants.boundary.as_ref()),
            tags: some_tags(&self.tags),
            role_last_used: RoleLastUsed {},
        };
        Ok(RoleView { more: Some(more), ..RoleView::brief(account, self) })
    }

    fn brief(&self, _: &Snapshot, account: &AccountId) -> Result<RoleView, Error> {
        Ok(RoleView::brief(account, self))
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

impl Shown for User {
    type View = UserView;

    fn view(&self, state: &Snapshot, account: &AccountId) -> Result<UserView, Error> {
        let permissions_boundary = Boundary::of(self.grants.boundary.as_ref());
        Ok(UserView { permissions_boundary, tags: some_tags(&self.tags), ..self.brief(state, account)? })
    }

    fn brief(&self, _: &Snapshot, account: &AccountId) -> Result<UserView, Error> {
        Ok(UserView {
            path: Some(self.path.clone()),
            user_name: Some(self.name.clone()),
            user_id: self.id.clone(),
            arn: self.arn(account),
            create_date: self.created,
            permissions_boundary: None,
            tags: None,
        })
    }
}

impl UserView {
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

impl Shown for Group {
    type View = GroupView;

    fn view(&self, _: &Snapshot, account: &AccountId) -> Result<GroupView, Error> {
        Ok(GroupView {
            path: self.path.clone(),
            group_name: self.name.clone(),
            group_id: self.id.clone(),
            arn: self.arn(account),
            create_date: self.created,
        })
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

impl Shown for ManagedPolicy {
    type View = PolicyView;

    fn view(&self, state: &Snapshot, account: &AccountId) -> Result<PolicyView, Error> {
        let uses = Uses::all(state, account)?.of(&self.arn(account));
        Ok(PolicyView::own(account, self, uses))
    }
}

impl PolicyView {
    /// `uses`: how often it is attached, and how often it is a boundary.
    pub(crate) fn own(account: &AccountId, policy: &ManagedPolicy, uses: (usize, usize)) -> PolicyView {
        PolicyView {
            policy_name: policy.name.clone(),
            policy_id: policy.id.clone(),
            arn: policy.arn(account),
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

impl Shown for InstanceProfile {
    type View = InstanceProfileView;

    fn view(&self, state: &Snapshot, account: &AccountId) -> Result<InstanceProfileView, Error> {
        let role = match &self.role {
            Some(name) => state.get(&ROLES, (account, name.as_str()))?,
            None => None,
        };
        Ok(InstanceProfileView {
            path: self.path.clone(),
            instance_profile_name: self.name.clone(),
            instance_profile_id: self.id.clone(),
            arn: self.arn(account),
            create_date: self.created,
            roles: role.map(|role| RoleView::brief(account, &role)).into_iter().collect(),
            tags: some_tags(&self.tags),
        })
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
