//! Instance profiles: what hands a role to an EC2 instance. Tidegate runs no instances; Terraform and the console list
//! and make them all the same.

pub(super) mod add_role_to_instance_profile;
pub(super) mod create_instance_profile;
pub(super) mod delete_instance_profile;
pub(super) mod list_instance_profiles_for_role;
pub(super) mod remove_role_from_instance_profile;

use serde::Deserialize;

/// What operations on a profile's role take.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MemberInput {
    instance_profile_name: String,
    role_name: String,
}
