//! Instance profiles: what hands a role to an EC2 instance. Tidegate runs no instances; Terraform and the console list
//! and make them all the same.

pub(super) mod add_role_to_instance_profile;
pub(super) mod create_instance_profile;
pub(super) mod delete_instance_profile;
pub(super) mod get_instance_profile;
pub(super) mod list_instance_profiles;
pub(super) mod list_instance_profiles_for_role;
pub(super) mod remove_role_from_instance_profile;

use crate::Error;
use crate::entity::Entity;
use crate::operations::shared::Iam;
use crate::page::{End, Paging};
use crate::tables::{InstanceProfile, ROLES};
use crate::views::InstanceProfileView;
use serde::{Deserialize, Serialize};
use tidegate_core::Context;
use tidegate_store::Snapshot;
use tidegate_types::AccountId;

fn view(state: &Snapshot, account: &AccountId, profile: &InstanceProfile) -> Result<InstanceProfileView, Error> {
    let role = match &profile.role {
        Some(name) => state.get(&ROLES, (account, name.as_str()))?,
        None => None,
    };
    Ok(InstanceProfileView::of(account, profile, role.as_ref()))
}

/// What operations on one profile give.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OneOutput {
    instance_profile: InstanceProfileView,
}

/// A page of profiles.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListOutput {
    instance_profiles: Vec<InstanceProfileView>,
    #[serde(flatten)]
    end: End,
}

/// What operations on one profile take.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NameInput {
    instance_profile_name: String,
}

fn list(
    iam: &Iam,
    cx: &Context,
    paging: &Paging,
    wanted: impl Fn(&InstanceProfile) -> bool,
) -> Result<ListOutput, Error> {
    let snapshot = iam.state.snapshot();
    let all = InstanceProfile::all(&snapshot, &cx.account)?;
    let (profiles, end) = paging.page(all.into_iter().filter(wanted).map(|profile| (profile.order(), profile)))?;
    let views = profiles.iter().map(|profile| view(&snapshot, &cx.account, profile));
    Ok(ListOutput { instance_profiles: views.collect::<Result<_, _>>()?, end })
}

/// What operations on a profile's role take.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MemberInput {
    instance_profile_name: String,
    role_name: String,
}
