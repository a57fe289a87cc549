//! `DeleteRolePermissionsBoundary`, `DeleteUserPermissionsBoundary`: an entity has no boundary any more.

use crate::Error;
use crate::entity::Bounded;
use crate::operations::shared::{Iam, Named};
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Snapshot;

pub(crate) struct DeletePermissionsBoundary<E>(PhantomData<E>);

impl<E: Bounded> Operation for DeletePermissionsBoundary<E> {
    type Service = Iam;
    type Input = Named;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = E::DELETE_BOUNDARY.name;
    const ACTION: &'static str = E::DELETE_BOUNDARY.action;

    fn checks(iam: &Iam, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        let check = iam.check::<E>(cx, Self::ACTION, &input.name)?;
        let boundary = iam.get::<E>(cx, &input.name).ok().and_then(|entity| entity.grants().boundary.clone());
        Ok(vec![boundary.into_iter().fold(check, |check, arn| check.with("iam:PermissionsBoundary", arn))])
    }

    async fn call(iam: &Iam, cx: &Context, input: Named) -> Result<Empty, Error> {
        let change = |_: &Snapshot, entity: &mut E| {
            entity.grants_mut().boundary = None;
            Ok(Empty {})
        };
        iam.change(cx, input.name, change).await
    }
}
