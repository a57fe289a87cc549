//! Instance profiles: what hands a role to an EC2 instance. Tidegate runs no instances; Terraform and the console list
//! and make them all the same.

use super::{Iam, check_new, new_path, new_tags};
use crate::Error;
use crate::entity::{Entity, Kind, Tagged};
use crate::error::InUse;
use crate::page::{End, Paging};
use crate::tables::{InstanceProfile, ROLES, Role};
use crate::views::{Empty, InstanceProfileView, Tag};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};
use tidegate_store::{Snapshot, Transaction};
use tidegate_types::AccountId;

fn view(state: &Snapshot, account: &AccountId, profile: &InstanceProfile) -> Result<InstanceProfileView, Error> {
    let role = match &profile.role {
        Some(name) => state.get(&ROLES, (account, name.as_str()))?,
        None => None,
    };
    Ok(InstanceProfileView::of(account, profile, role.as_ref()))
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OneOutput {
    instance_profile: InstanceProfileView,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListOutput {
    instance_profiles: Vec<InstanceProfileView>,
    #[serde(flatten)]
    end: End,
}

pub(crate) struct CreateInstanceProfile;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreateInput {
    instance_profile_name: String,
    path: Option<String>,
    tags: Option<Vec<Tag>>,
}

impl Operation for CreateInstanceProfile {
    type Service = Iam;
    type Input = CreateInput;
    type Output = OneOutput;
    type Error = Error;
    const NAME: &'static str = "CreateInstanceProfile";
    const ACTION: &'static str = "iam:CreateInstanceProfile";

    fn checks(_: &Iam, cx: &Context, input: &CreateInput) -> Result<Vec<Check>, Error> {
        let (path, tags, name) = (input.path.as_ref(), input.tags.as_deref(), &input.instance_profile_name);
        Ok(vec![check_new(cx, Self::ACTION, Kind::InstanceProfile, path, name, tags)])
    }

    async fn call(iam: &Iam, cx: &Context, input: CreateInput) -> Result<OneOutput, Error> {
        let profile = InstanceProfile {
            name: input.instance_profile_name,
            path: new_path(input.path),
            id: iam.new_id(Kind::InstanceProfile),
            created: cx.clock().now(),
            tags: new_tags(input.tags, InstanceProfile::TAGS_QUOTA)?,
            role: None,
        };
        let (account, new) = (cx.account.clone(), profile.clone());
        iam.state.write(move |tx| new.insert(tx, &account)).await?;
        Ok(OneOutput { instance_profile: InstanceProfileView::of(&cx.account, &profile, None) })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NameInput {
    instance_profile_name: String,
}

pub(crate) struct GetInstanceProfile;

impl Operation for GetInstanceProfile {
    type Service = Iam;
    type Input = NameInput;
    type Output = OneOutput;
    type Error = Error;
    const NAME: &'static str = "GetInstanceProfile";
    const ACTION: &'static str = "iam:GetInstanceProfile";

    fn checks(iam: &Iam, cx: &Context, input: &NameInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<InstanceProfile>(cx, Self::ACTION, &input.instance_profile_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: NameInput) -> Result<OneOutput, Error> {
        let snapshot = iam.state.snapshot();
        let profile = InstanceProfile::get(&snapshot, &cx.account, &input.instance_profile_name)?;
        Ok(OneOutput { instance_profile: view(&snapshot, &cx.account, &profile)? })
    }
}

pub(crate) struct DeleteInstanceProfile;

impl Operation for DeleteInstanceProfile {
    type Service = Iam;
    type Input = NameInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteInstanceProfile";
    const ACTION: &'static str = "iam:DeleteInstanceProfile";

    fn checks(iam: &Iam, cx: &Context, input: &NameInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<InstanceProfile>(cx, Self::ACTION, &input.instance_profile_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: NameInput) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| {
            let profile = InstanceProfile::get(tx, &account, &input.instance_profile_name)?;
            if profile.role.is_some() {
                return Err(Error::InUse(InUse::InstanceProfile));
            }
            profile.remove(tx, &account)
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}

pub(crate) struct ListInstanceProfiles;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListInput {
    path_prefix: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

impl Operation for ListInstanceProfiles {
    type Service = Iam;
    type Input = ListInput;
    type Output = ListOutput;
    type Error = Error;
    const NAME: &'static str = "ListInstanceProfiles";
    const ACTION: &'static str = "iam:ListInstanceProfiles";

    fn resource(cx: &Context, input: &ListInput) -> String {
        Kind::InstanceProfile.arn(&cx.account, input.path_prefix.as_deref().unwrap_or("/"), "")
    }

    async fn call(iam: &Iam, cx: &Context, input: ListInput) -> Result<ListOutput, Error> {
        let prefix = input.path_prefix.as_deref().unwrap_or("/");
        list(iam, cx, &input.paging, |profile| profile.path.starts_with(prefix))
    }
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

pub(crate) struct ListInstanceProfilesForRole;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RoleInput {
    role_name: String,
    #[serde(flatten)]
    paging: Paging,
}

impl Operation for ListInstanceProfilesForRole {
    type Service = Iam;
    type Input = RoleInput;
    type Output = ListOutput;
    type Error = Error;
    const NAME: &'static str = "ListInstanceProfilesForRole";
    const ACTION: &'static str = "iam:ListInstanceProfilesForRole";

    fn checks(iam: &Iam, cx: &Context, input: &RoleInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<Role>(cx, Self::ACTION, &input.role_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: RoleInput) -> Result<ListOutput, Error> {
        let key = iam.get::<Role>(cx, &input.role_name)?.name.to_lowercase();
        list(iam, cx, &input.paging, |profile| profile.role.as_ref() == Some(&key))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MemberInput {
    instance_profile_name: String,
    role_name: String,
}

pub(crate) struct AddRoleToInstanceProfile;

impl Operation for AddRoleToInstanceProfile {
    type Service = Iam;
    type Input = MemberInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "AddRoleToInstanceProfile";
    const ACTION: &'static str = "iam:AddRoleToInstanceProfile";

    fn checks(iam: &Iam, cx: &Context, input: &MemberInput) -> Result<Vec<Check>, Error> {
        let profile = iam.check_tagged::<InstanceProfile>(cx, Self::ACTION, &input.instance_profile_name)?;
        let role = iam.check::<Role>(cx, "iam:PassRole", &input.role_name)?;
        Ok(vec![profile, role.with("iam:PassedToService", "ec2.amazonaws.com")])
    }

    async fn call(iam: &Iam, cx: &Context, input: MemberInput) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| {
            let mut profile = InstanceProfile::get(tx, &account, &input.instance_profile_name)?;
            let role = Role::get(tx, &account, &input.role_name)?;
            if profile.role.is_some() {
                return Err(Error::Quota("InstanceSessionsPerInstanceProfile", 1));
            }
            profile.role = Some(role.name.to_lowercase());
            profile.save(tx, &account)
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}

pub(crate) struct RemoveRoleFromInstanceProfile;

impl Operation for RemoveRoleFromInstanceProfile {
    type Service = Iam;
    type Input = MemberInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "RemoveRoleFromInstanceProfile";
    const ACTION: &'static str = "iam:RemoveRoleFromInstanceProfile";

    fn checks(iam: &Iam, cx: &Context, input: &MemberInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<InstanceProfile>(cx, Self::ACTION, &input.instance_profile_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: MemberInput) -> Result<Empty, Error> {
        let change = move |profile: &mut InstanceProfile| {
            if profile.role.as_deref() != Some(input.role_name.to_lowercase().as_str()) {
                return Err(Error::NotInProfile(input.role_name, profile.name.clone()));
            }
            profile.role = None;
            Ok(Empty {})
        };
        iam.change(cx, input.instance_profile_name, change).await
    }
}
