//! `AttachGroupPolicy`, `AttachRolePolicy`, `AttachUserPolicy`: an entity gets a managed policy.

use super::{OneInput, check};
use crate::entity::Grantee;
use crate::operations::shared::Iam;
use crate::{Error, limits, policies};
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Snapshot;

/// Attaching twice changes nothing.
pub(crate) struct AttachPolicy<E>(PhantomData<E>);

impl<E: Grantee> Operation for AttachPolicy<E> {
    type Service = Iam;
    type Input = OneInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = E::ATTACH.name;
    const ACTION: &'static str = E::ATTACH.action;

    fn checks(iam: &Iam, cx: &Context, input: &OneInput) -> Result<Vec<Check>, Error> {
        check::<E>(iam, cx, Self::ACTION, input)
    }

    async fn call(iam: &Iam, cx: &Context, input: OneInput) -> Result<Empty, Error> {
        let (account, most) = (cx.account.clone(), limits::ATTACHED_POLICIES_MAX);
        let change = move |state: &Snapshot, entity: &mut E| {
            if policies::find(state, &account, &input.policy_arn)?.is_none() {
                return Err(Error::NotAttachable(input.policy_arn));
            }
            let attached = &mut entity.grants_mut().attached;
            attached.insert(input.policy_arn);
            if attached.len() > most { Err(Error::Quota(E::ATTACHED_QUOTA, most)) } else { Ok(Empty {}) }
        };
        iam.change(cx, input.name, change).await
    }
}
