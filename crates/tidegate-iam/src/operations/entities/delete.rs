//! `DeleteGroup`, `DeleteInstanceProfile`, `DeleteRole`, `DeleteUser`: only an entity on which nothing hangs.

use crate::Error;
use crate::entity::{Entity, Verb};
use crate::error::InUse;
use crate::operations::shared::{Iam, Named};
use crate::tables::Grants;
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::{Snapshot, Transaction};
use tidegate_types::AccountId;

pub(crate) struct Delete<E>(PhantomData<E>);

/// What can be deleted by its name.
pub(crate) trait Deletable: Entity {
    const DELETE: Verb;

    /// What hangs on it.
    fn in_use(&self, state: &Snapshot, account: &AccountId) -> Result<Option<InUse>, Error>;
}

impl Grants {
    /// Which of them forbids the deletion of whoever has them.
    pub(crate) fn in_use(&self) -> Option<InUse> {
        let attached = (!self.attached.is_empty()).then_some(InUse::Attached);
        attached.or((!self.inline.is_empty()).then_some(InUse::Inline))
    }
}

impl<E: Deletable> Operation for Delete<E> {
    type Service = Iam;
    type Input = Named;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = E::DELETE.name;
    const ACTION: &'static str = E::DELETE.action;

    fn checks(iam: &Iam, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<E>(cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Named) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| {
            let entity = E::get(tx, &account, &input.name)?;
            match entity.in_use(tx, &account)? {
                Some(reason) => Err(Error::InUse(reason)),
                None => entity.remove(tx, &account),
            }
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}
