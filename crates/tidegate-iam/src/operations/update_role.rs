//! `UpdateRole`, `UpdateRoleDescription` and `UpdateAssumeRolePolicy`.

use super::Iam;
use crate::entity::Entity;
use crate::tables::Role;
use crate::views::{Empty, RoleView};
use crate::{Error, documents};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct UpdateRole;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RoleInput {
    role_name: String,
    description: Option<String>,
    max_session_duration: Option<u32>,
}

impl Operation for UpdateRole {
    type Service = Iam;
    type Input = RoleInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "UpdateRole";
    const ACTION: &'static str = "iam:UpdateRole";

    fn checks(iam: &Iam, cx: &Context, input: &RoleInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<Role>(cx, Self::ACTION, &input.role_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: RoleInput) -> Result<Empty, Error> {
        let change = move |role: &mut Role| {
            // What the request leaves out becomes the default again only for the description.
            role.description = input.description.filter(|text| !text.is_empty());
            role.max_session_s = input.max_session_duration.unwrap_or(role.max_session_s);
            Ok(Empty {})
        };
        iam.change(cx, input.role_name, change).await
    }
}

pub(crate) struct UpdateRoleDescription;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DescriptionInput {
    role_name: String,
    description: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DescriptionOutput {
    role: RoleView,
}

impl Operation for UpdateRoleDescription {
    type Service = Iam;
    type Input = DescriptionInput;
    type Output = DescriptionOutput;
    type Error = Error;
    const NAME: &'static str = "UpdateRoleDescription";
    const ACTION: &'static str = "iam:UpdateRoleDescription";

    fn checks(iam: &Iam, cx: &Context, input: &DescriptionInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<Role>(cx, Self::ACTION, &input.role_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: DescriptionInput) -> Result<DescriptionOutput, Error> {
        let change = move |role: &mut Role| {
            role.description = Some(input.description).filter(|text| !text.is_empty());
            Ok(role.clone())
        };
        let role = iam.change(cx, input.role_name, change).await?;
        Ok(DescriptionOutput { role: RoleView::full(&cx.account, &role) })
    }
}

pub(crate) struct UpdateAssumeRolePolicy;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TrustInput {
    role_name: String,
    policy_document: String,
}

impl Operation for UpdateAssumeRolePolicy {
    type Service = Iam;
    type Input = TrustInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "UpdateAssumeRolePolicy";
    const ACTION: &'static str = "iam:UpdateAssumeRolePolicy";

    fn checks(iam: &Iam, cx: &Context, input: &TrustInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<Role>(cx, Self::ACTION, &input.role_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: TrustInput) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| {
            let mut role = Role::get(tx, &account, &input.role_name)?;
            documents::check_trust(tx, &account, &input.policy_document)?;
            role.trust = input.policy_document;
            role.save(tx, &account)
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}
