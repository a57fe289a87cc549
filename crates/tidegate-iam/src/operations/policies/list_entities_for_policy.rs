//! `ListEntitiesForPolicy`: who uses a managed policy.

use crate::entity::Grantee;
use crate::operations::shared::Iam;
use crate::page::{End, Paging};
use crate::policies::Uses;
use crate::{Error, policies, tables};
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};

pub(crate) struct ListEntitiesForPolicy;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    policy_arn: String,
    entity_filter: Option<String>,
    path_prefix: Option<String>,
    policy_usage_filter: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    policy_groups: Vec<GroupEntry>,
    policy_users: Vec<UserEntry>,
    policy_roles: Vec<RoleEntry>,
    #[serde(flatten)]
    end: End,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GroupEntry {
    group_name: String,
    group_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct UserEntry {
    user_name: String,
    user_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RoleEntry {
    role_name: String,
    role_id: String,
}

enum Entry {
    Group(GroupEntry),
    User(UserEntry),
    Role(RoleEntry),
}

impl Input {
    fn wants<E: Grantee>(&self, entity: &E) -> bool {
        let grants = entity.grants();
        let attached = grants.attached.contains(&self.policy_arn);
        let bounding = grants.boundary.as_ref() == Some(&self.policy_arn);
        let used = match self.policy_usage_filter.as_deref() {
            Some("PermissionsBoundary") => bounding,
            Some("PermissionsPolicy") => attached,
            _ => attached || bounding,
        };
        used && entity.path().starts_with(self.path_prefix.as_deref().unwrap_or("/"))
    }

    fn entries<E: Grantee>(&self, kind: &str, all: Vec<E>, entry: fn(E) -> Entry) -> Vec<(String, Entry)> {
        let filter = self.entity_filter.as_deref();
        if filter.is_some_and(|filter| filter != kind) {
            return Vec::new();
        }
        let wanted = all.into_iter().filter(|entity| self.wants(entity));
        wanted.map(|entity| (format!("{kind}{}", entity.order()), entry(entity))).collect()
    }
}

impl Operation for ListEntitiesForPolicy {
    type Service = Iam;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListEntitiesForPolicy";
    const ACTION: &'static str = "iam:ListEntitiesForPolicy";

    fn resource(_: &Context, input: &Input) -> String {
        input.policy_arn.clone()
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Output, Error> {
        let snapshot = iam.state.snapshot();
        if policies::find(&snapshot, &cx.account, &input.policy_arn)?.is_none() {
            return Err(Error::NoSuchPolicy(input.policy_arn));
        }
        let uses = Uses::all(&snapshot, &cx.account)?;
        let mut entries = input.entries("Group", uses.groups, |g: tables::Group| {
            Entry::Group(GroupEntry { group_name: g.name, group_id: g.id })
        });
        entries.extend(input.entries("User", uses.users, |u: tables::User| {
            Entry::User(UserEntry { user_name: u.name, user_id: u.id })
        }));
        entries.extend(input.entries("Role", uses.roles, |r: tables::Role| {
            Entry::Role(RoleEntry { role_name: r.name, role_id: r.id })
        }));
        let (entries, end) = input.paging.cut(entries)?;
        let mut output = Output { policy_groups: vec![], policy_users: vec![], policy_roles: vec![], end };
        for entry in entries {
            match entry {
                Entry::Group(group) => output.policy_groups.push(group),
                Entry::User(user) => output.policy_users.push(user),
                Entry::Role(role) => output.policy_roles.push(role),
            }
        }
        Ok(output)
    }
}
