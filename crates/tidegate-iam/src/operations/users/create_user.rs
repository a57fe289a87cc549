//! `CreateUser`: a user, without keys or permissions.

use super::UserOutput;
use crate::Error;
use crate::entity::{Entity, Kind, Tagged};
use crate::operations::shared::{Iam, check_boundary, check_new, new_path, new_tags};
use crate::tables::{Grants, User};
use crate::views::{Tag, UserView};
use serde::Deserialize;
use std::collections::BTreeSet;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct CreateUser;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    path: Option<String>,
    user_name: String,
    permissions_boundary: Option<String>,
    tags: Option<Vec<Tag>>,
}

impl Operation for CreateUser {
    type Service = Iam;
    type Input = Input;
    type Output = UserOutput;
    type Error = Error;
    const NAME: &'static str = "CreateUser";
    const ACTION: &'static str = "iam:CreateUser";

    fn checks(_: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let (path, tags) = (input.path.as_ref(), input.tags.as_deref());
        let mut check = check_new(cx, Self::ACTION, Kind::User, path, &input.user_name, tags);
        if let Some(boundary) = &input.permissions_boundary {
            check = check.with("iam:PermissionsBoundary", boundary);
        }
        Ok(vec![check])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<UserOutput, Error> {
        let user = User {
            name: input.user_name,
            path: new_path(input.path),
            id: iam.new_id(Kind::User),
            created: cx.clock().now(),
            tags: new_tags(input.tags, User::TAGS_QUOTA)?,
            grants: Grants { boundary: input.permissions_boundary, ..Grants::default() },
            groups: BTreeSet::new(),
            access_keys: BTreeSet::new(),
        };
        let (account, new) = (cx.account.clone(), user.clone());
        let write = move |tx: &mut Transaction| {
            check_boundary(tx, &account, new.grants.boundary.as_ref())?;
            new.insert(tx, &account)
        };
        iam.state.write(write).await?;
        Ok(UserOutput { user: UserView::full(&cx.account, &user) })
    }
}
