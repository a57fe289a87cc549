//! `CreateRole`: a role with its trust policy.

use super::RoleOutput;
use crate::entity::{Entity, Kind, Tagged};
use crate::operations::shared::{Iam, check_boundary, check_new, new_path, new_tags};
use crate::tables::{Grants, Role};
use crate::views::{RoleView, Tag};
use crate::{Error, documents};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

/// Seconds, if the request does not say.
const MAX_SESSION_S_DEFAULT: u32 = 3_600;

pub(crate) struct CreateRole;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    path: Option<String>,
    role_name: String,
    assume_role_policy_document: String,
    description: Option<String>,
    max_session_duration: Option<u32>,
    permissions_boundary: Option<String>,
    tags: Option<Vec<Tag>>,
}

impl Operation for CreateRole {
    type Service = Iam;
    type Input = Input;
    type Output = RoleOutput;
    type Error = Error;
    const NAME: &'static str = "CreateRole";
    const ACTION: &'static str = "iam:CreateRole";

    fn checks(_: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let (path, tags) = (input.path.as_ref(), input.tags.as_deref());
        let mut check = check_new(cx, Self::ACTION, Kind::Role, path, &input.role_name, tags);
        if let Some(boundary) = &input.permissions_boundary {
            check = check.with("iam:PermissionsBoundary", boundary);
        }
        Ok(vec![check])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<RoleOutput, Error> {
        let role = Role {
            name: input.role_name,
            path: new_path(input.path),
            id: iam.new_id(Kind::Role),
            created: cx.clock().now(),
            trust: input.assume_role_policy_document,
            description: input.description,
            max_session_s: input.max_session_duration.unwrap_or(MAX_SESSION_S_DEFAULT),
            tags: new_tags(input.tags, Role::TAGS_QUOTA)?,
            grants: Grants { boundary: input.permissions_boundary, ..Grants::default() },
        };
        let (account, new) = (cx.account.clone(), role.clone());
        let write = move |tx: &mut Transaction| {
            documents::check_trust(tx, &account, &new.trust)?;
            check_boundary(tx, &account, new.grants.boundary.as_ref())?;
            new.insert(tx, &account)
        };
        iam.state.write(write).await?;
        Ok(RoleOutput { role: RoleView::full(&cx.account, &role) })
    }
}
