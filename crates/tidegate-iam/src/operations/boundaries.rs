//! Permissions boundaries of users and roles: `Put…PermissionsBoundary`, `Delete…PermissionsBoundary`.

use super::{Iam, check_boundary};
use crate::Error;
use crate::entity::Bounded;
use crate::views::Empty;
use serde::Deserialize;
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

/// `PutRolePermissionsBoundary` and its like.
pub(crate) struct Put<E>(PhantomData<E>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PutInput {
    #[serde(alias = "RoleName", alias = "UserName")]
    name: String,
    permissions_boundary: String,
}

impl<E: Bounded> Operation for Put<E> {
    type Service = Iam;
    type Input = PutInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = E::PUT_BOUNDARY.name;
    const ACTION: &'static str = E::PUT_BOUNDARY.action;

    fn checks(iam: &Iam, cx: &Context, input: &PutInput) -> Result<Vec<Check>, Error> {
        let check = iam.check::<E>(cx, Self::ACTION, &input.name)?;
        Ok(vec![check.with("iam:PermissionsBoundary", &input.permissions_boundary)])
    }

    async fn call(iam: &Iam, cx: &Context, input: PutInput) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| {
            let mut entity = E::get(tx, &account, &input.name)?;
            check_boundary(tx, &account, Some(&input.permissions_boundary))?;
            entity.grants_mut().boundary = Some(input.permissions_boundary);
            entity.save(tx, &account)
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}

/// `DeleteRolePermissionsBoundary` and its like.
pub(crate) struct Delete<E>(PhantomData<E>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DeleteInput {
    #[serde(alias = "RoleName", alias = "UserName")]
    name: String,
}

impl<E: Bounded> Operation for Delete<E> {
    type Service = Iam;
    type Input = DeleteInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = E::DELETE_BOUNDARY.name;
    const ACTION: &'static str = E::DELETE_BOUNDARY.action;

    fn checks(iam: &Iam, cx: &Context, input: &DeleteInput) -> Result<Vec<Check>, Error> {
        let check = iam.check::<E>(cx, Self::ACTION, &input.name)?;
        let boundary = iam.get::<E>(cx, &input.name).ok().and_then(|entity| entity.grants().boundary.clone());
        Ok(vec![boundary.into_iter().fold(check, |check, arn| check.with("iam:PermissionsBoundary", arn))])
    }

    async fn call(iam: &Iam, cx: &Context, input: DeleteInput) -> Result<Empty, Error> {
        let change = |entity: &mut E| {
            entity.grants_mut().boundary = None;
            Ok(Empty {})
        };
        iam.change(cx, input.name, change).await
    }
}
