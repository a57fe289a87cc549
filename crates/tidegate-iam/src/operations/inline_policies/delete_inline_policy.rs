//! `DeleteGroupPolicy`, `DeleteRolePolicy`, `DeleteUserPolicy`: removes an inline policy.

use super::OneInput;
use crate::Error;
use crate::entity::Grantee;
use crate::operations::shared::Iam;
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Snapshot;

pub(crate) struct DeleteInlinePolicy<E>(PhantomData<E>);

impl<E: Grantee> Operation for DeleteInlinePolicy<E> {
    type Service = Iam;
    type Input = OneInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = E::DELETE_POLICY.name;
    const ACTION: &'static str = E::DELETE_POLICY.action;

    fn checks(iam: &Iam, cx: &Context, input: &OneInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<E>(cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: OneInput) -> Result<Empty, Error> {
        let change = move |_: &Snapshot, entity: &mut E| match entity.grants_mut().inline.remove(&input.policy_name) {
            Some(_) => Ok(Empty {}),
            None => Err(Error::NoSuchInline(E::KIND, input.policy_name)),
        };
        iam.change(cx, input.name, change).await
    }
}
