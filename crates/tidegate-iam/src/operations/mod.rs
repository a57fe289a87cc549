//! IAM's operations, one row each. They are grouped by what they are about; what AWS offers for users, roles, groups,
//! policies and instance profiles alike is written once, for any of them, and has a row for each.

mod access_keys;
mod account;
mod attached_policies;
mod entities;
mod groups;
mod inline_policies;
mod instance_profiles;
mod other_credentials;
mod permissions_boundaries;
mod policies;
mod roles;
mod shared;
mod tags;
mod users;

use crate::tables::{Group, InstanceProfile, ManagedPolicy, Role, User};
use tidegate_core::{Row, Service, row};

pub use shared::Iam;

impl Service for Iam {
    const MODEL: &'static str = "iam";
    const OPERATIONS: &'static [Row<Iam>] = &[
        row::<access_keys::create_access_key::CreateAccessKey>(),
        row::<access_keys::delete_access_key::DeleteAccessKey>(),
        row::<access_keys::get_access_key_last_used::GetAccessKeyLastUsed>(),
        row::<access_keys::list_access_keys::ListAccessKeys>(),
        row::<access_keys::update_access_key::UpdateAccessKey>(),
        row::<account::create_account_alias::CreateAccountAlias>(),
        row::<account::delete_account_alias::DeleteAccountAlias>(),
        row::<account::get_account_summary::GetAccountSummary>(),
        row::<account::list_account_aliases::ListAccountAliases>(),
        row::<attached_policies::attach_policy::AttachPolicy<Group>>(),
        row::<attached_policies::attach_policy::AttachPolicy<Role>>(),
        row::<attached_policies::attach_policy::AttachPolicy<User>>(),
        row::<attached_policies::detach_policy::DetachPolicy<Group>>(),
        row::<attached_policies::detach_policy::DetachPolicy<Role>>(),
        row::<attached_policies::detach_policy::DetachPolicy<User>>(),
        row::<attached_policies::list_attached_policies::ListAttachedPolicies<Group>>(),
        row::<attached_policies::list_attached_policies::ListAttachedPolicies<Role>>(),
        row::<attached_policies::list_attached_policies::ListAttachedPolicies<User>>(),
        row::<entities::create::Create<Group>>(),
        row::<entities::create::Create<InstanceProfile>>(),
        row::<entities::create::Create<ManagedPolicy>>(),
        row::<entities::create::Create<Role>>(),
        row::<entities::create::Create<User>>(),
        row::<entities::delete::Delete<Group>>(),
        row::<entities::delete::Delete<InstanceProfile>>(),
        row::<entities::delete::Delete<Role>>(),
        row::<entities::delete::Delete<User>>(),
        row::<entities::get::Get<InstanceProfile>>(),
        row::<entities::get::Get<Role>>(),
        row::<entities::list::List<Group>>(),
        row::<entities::list::List<InstanceProfile>>(),
        row::<entities::list::List<Role>>(),
        row::<entities::list::List<User>>(),
        row::<entities::update::Update<Group>>(),
        row::<entities::update::Update<User>>(),
        row::<groups::add_user_to_group::AddUserToGroup>(),
        row::<groups::get_group::GetGroup>(),
        row::<groups::list_groups_for_user::ListGroupsForUser>(),
        row::<groups::remove_user_from_group::RemoveUserFromGroup>(),
        row::<inline_policies::delete_inline_policy::DeleteInlinePolicy<Group>>(),
        row::<inline_policies::delete_inline_policy::DeleteInlinePolicy<Role>>(),
        row::<inline_policies::delete_inline_policy::DeleteInlinePolicy<User>>(),
        row::<inline_policies::get_inline_policy::GetInlinePolicy<Group>>(),
        row::<inline_policies::get_inline_policy::GetInlinePolicy<Role>>(),
        row::<inline_policies::get_inline_policy::GetInlinePolicy<User>>(),
        row::<inline_policies::list_inline_policies::ListInlinePolicies<Group>>(),
        row::<inline_policies::list_inline_policies::ListInlinePolicies<Role>>(),
        row::<inline_policies::list_inline_policies::ListInlinePolicies<User>>(),
        row::<inline_policies::put_inline_policy::PutInlinePolicy<Group>>(),
        row::<inline_policies::put_inline_policy::PutInlinePolicy<Role>>(),
        row::<inline_policies::put_inline_policy::PutInlinePolicy<User>>(),
        row::<instance_profiles::add_role_to_instance_profile::AddRoleToInstanceProfile>(),
        row::<instance_profiles::list_instance_profiles_for_role::ListInstanceProfilesForRole>(),
        row::<instance_profiles::remove_role_from_instance_profile::RemoveRoleFromInstanceProfile>(),
        row::<other_credentials::delete_login_profile::DeleteLoginProfile>(),
        row::<other_credentials::get_login_profile::GetLoginProfile>(),
        row::<other_credentials::list_mfa_devices::ListMFADevices>(),
        row::<other_credentials::list_service_specific_credentials::ListServiceSpecificCredentials>(),
        row::<other_credentials::list_signing_certificates::ListSigningCertificates>(),
        row::<other_credentials::list_ssh_public_keys::ListSSHPublicKeys>(),
        row::<other_credentials::list_virtual_mfa_devices::ListVirtualMFADevices>(),
        row::<permissions_boundaries::delete_permissions_boundary::DeletePermissionsBoundary<Role>>(),
        row::<permissions_boundaries::delete_permissions_boundary::DeletePermissionsBoundary<User>>(),
        row::<permissions_boundaries::put_permissions_boundary::PutPermissionsBoundary<Role>>(),
        row::<permissions_boundaries::put_permissions_boundary::PutPermissionsBoundary<User>>(),
        row::<policies::create_policy_version::CreatePolicyVersion>(),
        row::<policies::delete_policy::DeletePolicy>(),
        row::<policies::delete_policy_version::DeletePolicyVersion>(),
        row::<policies::get_policy::GetPolicy>(),
        row::<policies::get_policy_version::GetPolicyVersion>(),
        row::<policies::list_entities_for_policy::ListEntitiesForPolicy>(),
        row::<policies::list_policies::ListPolicies>(),
        row::<policies::list_policy_versions::ListPolicyVersions>(),
        row::<policies::set_default_policy_version::SetDefaultPolicyVersion>(),
        row::<policies::simulate_principal_policy::SimulatePrincipalPolicy>(),
        row::<roles::update_assume_role_policy::UpdateAssumeRolePolicy>(),
        row::<roles::update_role::UpdateRole>(),
        row::<roles::update_role_description::UpdateRoleDescription>(),
        row::<tags::list_tags::ListTags<InstanceProfile>>(),
        row::<tags::list_tags::ListTags<ManagedPolicy>>(),
        row::<tags::list_tags::ListTags<Role>>(),
        row::<tags::list_tags::ListTags<User>>(),
        row::<tags::tag::Tag<InstanceProfile>>(),
        row::<tags::tag::Tag<ManagedPolicy>>(),
        row::<tags::tag::Tag<Role>>(),
        row::<tags::tag::Tag<User>>(),
        row::<tags::untag::Untag<InstanceProfile>>(),
        row::<tags::untag::Untag<ManagedPolicy>>(),
        row::<tags::untag::Untag<Role>>(),
        row::<tags::untag::Untag<User>>(),
        row::<users::get_user::GetUser>(),
    ];
}
