//! IAM's operations, one row each. What users, roles, groups, policies and instance profiles have alike is written once,
//! for any of them: inline and attached policies, boundaries, tags.

mod access_keys;
mod account;
mod attached_policies;
mod boundaries;
mod create_policy;
mod create_role;
mod create_user;
mod delete_role;
mod delete_user;
mod get_user;
mod groups;
mod inline_policies;
mod instance_profiles;
mod list_entities_for_policy;
mod list_policies;
mod listings;
mod other_credentials;
mod policy_versions;
mod simulate_principal_policy;
mod tags;
mod update_group;
mod update_role;
mod update_user;

use crate::Error;
use crate::access::Access;
use crate::entity::{Entity, Kind, Tagged};
use crate::state::State;
use crate::tables::{Group, InstanceProfile, ManagedPolicy, Role, User};
use crate::views::Tag;
use std::sync::Arc;
use tidegate_core::{Check, Context, Row, Service, row};
use tidegate_types::Tags;

/// The service `iam`.
pub struct Iam {
    pub(crate) state: Arc<State>,
    access: Arc<Access>,
}

impl Service for Iam {
    const MODEL: &'static str = "iam";
    const OPERATIONS: &'static [Row<Iam>] = &[
        row::<access_keys::CreateAccessKey>(),
        row::<access_keys::DeleteAccessKey>(),
        row::<access_keys::GetAccessKeyLastUsed>(),
        row::<access_keys::ListAccessKeys>(),
        row::<access_keys::UpdateAccessKey>(),
        row::<account::CreateAccountAlias>(),
        row::<account::DeleteAccountAlias>(),
        row::<account::GetAccountSummary>(),
        row::<account::ListAccountAliases>(),
        row::<attached_policies::Attach<Group>>(),
        row::<attached_policies::Attach<Role>>(),
        row::<attached_policies::Attach<User>>(),
        row::<attached_policies::Detach<Group>>(),
        row::<attached_policies::Detach<Role>>(),
        row::<attached_policies::Detach<User>>(),
        row::<attached_policies::ListAttached<Group>>(),
        row::<attached_policies::ListAttached<Role>>(),
        row::<attached_policies::ListAttached<User>>(),
        row::<boundaries::Delete<Role>>(),
        row::<boundaries::Delete<User>>(),
        row::<boundaries::Put<Role>>(),
        row::<boundaries::Put<User>>(),
        row::<create_policy::CreatePolicy>(),
        row::<create_role::CreateRole>(),
        row::<create_user::CreateUser>(),
        row::<delete_role::DeleteRole>(),
        row::<delete_user::DeleteUser>(),
        row::<get_user::GetUser>(),
        row::<groups::AddUserToGroup>(),
        row::<groups::CreateGroup>(),
        row::<groups::DeleteGroup>(),
        row::<groups::GetGroup>(),
        row::<groups::ListGroupsForUser>(),
        row::<groups::RemoveUserFromGroup>(),
        row::<inline_policies::Delete<Group>>(),
        row::<inline_policies::Delete<Role>>(),
        row::<inline_policies::Delete<User>>(),
        row::<inline_policies::Get<Group>>(),
        row::<inline_policies::Get<Role>>(),
        row::<inline_policies::Get<User>>(),
        row::<inline_policies::List<Group>>(),
        row::<inline_policies::List<Role>>(),
        row::<inline_policies::List<User>>(),
        row::<inline_policies::Put<Group>>(),
        row::<inline_policies::Put<Role>>(),
        row::<inline_policies::Put<User>>(),
        row::<instance_profiles::AddRoleToInstanceProfile>(),
        row::<instance_profiles::CreateInstanceProfile>(),
        row::<instance_profiles::DeleteInstanceProfile>(),
        row::<instance_profiles::GetInstanceProfile>(),
        row::<instance_profiles::ListInstanceProfiles>(),
        row::<instance_profiles::ListInstanceProfilesForRole>(),
        row::<instance_profiles::RemoveRoleFromInstanceProfile>(),
        row::<list_entities_for_policy::ListEntitiesForPolicy>(),
        row::<list_policies::GetPolicy>(),
        row::<list_policies::ListPolicies>(),
        row::<listings::GetRole>(),
        row::<listings::ListGroups>(),
        row::<listings::ListRoles>(),
        row::<listings::ListUsers>(),
        row::<other_credentials::DeleteLoginProfile>(),
        row::<other_credentials::GetLoginProfile>(),
        row::<other_credentials::ListMFADevices>(),
        row::<other_credentials::ListSSHPublicKeys>(),
        row::<other_credentials::ListServiceSpecificCredentials>(),
        row::<other_credentials::ListSigningCertificates>(),
        row::<other_credentials::ListVirtualMFADevices>(),
        row::<policy_versions::CreatePolicyVersion>(),
        row::<policy_versions::DeletePolicy>(),
        row::<policy_versions::DeletePolicyVersion>(),
        row::<policy_versions::GetPolicyVersion>(),
        row::<policy_versions::ListPolicyVersions>(),
        row::<policy_versions::SetDefaultPolicyVersion>(),
        row::<simulate_principal_policy::SimulatePrincipalPolicy>(),
        row::<tags::List<InstanceProfile>>(),
        row::<tags::List<ManagedPolicy>>(),
        row::<tags::List<Role>>(),
        row::<tags::List<User>>(),
        row::<tags::Put<InstanceProfile>>(),
        row::<tags::Put<ManagedPolicy>>(),
        row::<tags::Put<Role>>(),
        row::<tags::Put<User>>(),
        row::<tags::Remove<InstanceProfile>>(),
        row::<tags::Remove<ManagedPolicy>>(),
        row::<tags::Remove<Role>>(),
        row::<tags::Remove<User>>(),
        row::<update_group::UpdateGroup>(),
        row::<update_role::UpdateAssumeRolePolicy>(),
        row::<update_role::UpdateRole>(),
        row::<update_role::UpdateRoleDescription>(),
        row::<update_user::UpdateUser>(),
    ];
}

impl Iam {
    pub(crate) fn new(state: Arc<State>, access: Arc<Access>) -> Iam {
        Iam { state, access }
    }

    /// A new unique id.
    fn new_id(&self, kind: Kind) -> String {
        format!("{}{}", kind.id_prefix(), self.state.ids.upper_alphanumeric(17))
    }

    /// The entity of a name in the caller's account.
    fn get<E: Entity>(&self, cx: &Context, name: &str) -> Result<E, Error> {
        E::get(&self.state.snapshot(), &cx.account, name)
    }

    /// Changes one entity.
    async fn change<E: Entity, R: Send + 'static>(
        &self,
        cx: &Context,
        name: String,
        change: impl FnOnce(&mut E) -> Result<R, Error> + Send + 'static,
    ) -> Result<R, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut tidegate_store::Transaction| {
            let mut entity = E::get(tx, &account, &name)?;
            let answer = change(&mut entity)?;
            entity.save(tx, &account)?;
            Ok(answer)
        };
        self.state.write(write).await
    }

    /// The check on an entity that may be there: its ARN has its path.
    fn check<E: Entity>(&self, cx: &Context, action: &str, name: &str) -> Result<Check, Error> {
        match self.get::<E>(cx, name) {
            Ok(entity) => Ok(Check::new(action, entity.arn(&cx.account))),
            Err(Error::NoSuch(..)) => Ok(Check::new(action, E::KIND.arn(&cx.account, "/", name))),
            Err(error) => Err(error),
        }
    }

    /// The same with the entity's tags as condition keys.
    fn check_tagged<E: Tagged>(&self, cx: &Context, action: &str, name: &str) -> Result<Check, Error> {
        let check = self.check::<E>(cx, action, name)?;
        let Ok(entity) = self.get::<E>(cx, name) else { return Ok(check) };
        let with = |check: Check, (key, value): (&String, &String)| {
            check.with(&format!("aws:ResourceTag/{key}"), value).with(&format!("iam:ResourceTag/{key}"), value)
        };
        Ok(entity.tags().iter().fold(check, with))
    }
}

/// The check on something that is to be made.
fn check_new(cx: &Context, action: &str, kind: Kind, path: Option<&String>, name: &str, tags: Option<&[Tag]>) -> Check {
    let check = Check::new(action, kind.arn(&cx.account, path.map_or("/", String::as_str), name));
    with_request_tags(check, tags.unwrap_or_default())
}

/// `aws:RequestTag/…` and `aws:TagKeys`.
fn with_request_tags(check: Check, tags: &[Tag]) -> Check {
    tags.iter().fold(check, |check, tag| {
        check.with(&format!("aws:RequestTag/{}", tag.key), &tag.value).with("aws:TagKeys", &tag.key)
    })
}

/// The tags of a new entity.
fn new_tags(tags: Option<Vec<Tag>>, quota: &'static str) -> Result<Tags, Error> {
    let tags = tags.unwrap_or_default();
    let mut seen: Vec<String> = tags.iter().map(|tag| tag.key.to_lowercase()).collect();
    seen.sort();
    seen.dedup();
    if seen.len() < tags.len() {
        return Err(Error::TagTwice);
    }
    if tags.len() > crate::limits::TAGS_MAX {
        return Err(Error::Quota(quota, crate::limits::TAGS_MAX));
    }
    Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
}

/// The path of a new entity.
fn new_path(path: Option<String>) -> String {
    path.unwrap_or_else(|| "/".to_owned())
}

/// A boundary must be a policy that is there.
fn check_boundary(
    state: &tidegate_store::Snapshot,
    account: &tidegate_types::AccountId,
    arn: Option<&String>,
) -> Result<(), Error> {
    let Some(arn) = arn else { return Ok(()) };
    match crate::policies::find(state, account, arn)? {
        Some(_) => Ok(()),
        None => Err(Error::NotAttachable(arn.clone())),
    }
}
