//! `DetachGroupPolicy`, `DetachRolePolicy`, `DetachUserPolicy`: an entity loses a managed policy.

use super::{OneInput, check};
use crate::Error;
use crate::entity::Grantee;
use crate::operations::shared::Iam;
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Snapshot;

pub(crate) struct DetachPolicy<E>(PhantomData<E>);

impl<E: Grantee> Operation for DetachPolicy<E> {
    type Service = Iam;
    type Input = OneInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = E::DETACH.name;
    const ACTION: &'static str = E::DETACH.action;

    fn checks(iam: &Iam, cx: &Context, input: &OneInput) -> Result<Vec<Check>, Error> {
        check::<E>(iam, cx, Self::ACTION, input)
    }

    async fn call(iam: &Iam, cx: &Context, input: OneInput) -> Result<Empty, Error> {
        let change = move |_: &Snapshot, entity: &mut E| {
            let was = entity.grants_mut().attached.remove(&input.policy_arn);
            if was { Ok(Empty {}) } else { Err(Error::NoSuchPolicy(input.policy_arn)) }
        };
        iam.change(cx, input.name, change).await
    }
}
