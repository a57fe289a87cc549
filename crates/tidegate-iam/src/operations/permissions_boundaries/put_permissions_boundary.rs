//! `PutRolePermissionsBoundary`, `PutUserPermissionsBoundary`: the most that policies can give an entity.

use crate::Error;
use crate::entity::Bounded;
use crate::operations::shared::{Iam, check_boundary};
use serde::Deserialize;
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Snapshot;

pub(crate) struct PutPermissionsBoundary<E>(PhantomData<E>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(alias = "RoleName", alias = "UserName")]
    name: String,
    permissions_boundary: String,
}

impl<E: Bounded> Operation for PutPermissionsBoundary<E> {
    type Service = Iam;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = E::PUT_BOUNDARY.name;
    const ACTION: &'static str = E::PUT_BOUNDARY.action;

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let check = iam.check::<E>(cx, Self::ACTION, &input.name)?;
        Ok(vec![check.with("iam:PermissionsBoundary", &input.permissions_boundary)])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let change = move |state: &Snapshot, entity: &mut E| {
            check_boundary(state, &account, Some(&input.permissions_boundary))?;
            entity.grants_mut().boundary = Some(input.permissions_boundary);
            Ok(Empty {})
        };
        iam.change(cx, input.name, change).await
    }
}
