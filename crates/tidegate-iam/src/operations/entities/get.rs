//! `GetInstanceProfile`, `GetRole`: an entity by its name.

use crate::Error;
use crate::entity::{Verb, verb};
use crate::operations::shared::{Iam, Named};
use crate::tables::{InstanceProfile, Role};
use crate::views::Shown;
use std::marker::PhantomData;
use tidegate_core::{Check, Context, One, Operation};

pub(crate) struct Get<E>(PhantomData<E>);

/// What an operation gives by its name, and nothing else with it.
pub(crate) trait Gettable: Shown {
    const GET: Verb;
}

impl Gettable for InstanceProfile {
    const GET: Verb = verb!("GetInstanceProfile");
}

impl Gettable for Role {
    const GET: Verb = verb!("GetRole");
}

impl<E: Gettable> Operation for Get<E> {
    type Service = Iam;
    type Input = Named;
    type Output = One<E::View>;
    type Error = Error;
    const NAME: &'static str = E::GET.name;
    const ACTION: &'static str = E::GET.action;

    fn checks(iam: &Iam, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<E>(cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Named) -> Result<Self::Output, Error> {
        iam.show(cx, &iam.get::<E>(cx, &input.name)?)
    }
}
