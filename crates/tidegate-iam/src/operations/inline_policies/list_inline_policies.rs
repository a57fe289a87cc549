//! `ListGroupPolicies`, `ListRolePolicies`, `ListUserPolicies`: the names of an entity's inline policies.

use crate::Error;
use crate::entity::Grantee;
use crate::operations::shared::{Iam, Named};
use crate::page::Listed;
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct ListInlinePolicies<E>(PhantomData<E>);

impl<E: Grantee> Operation for ListInlinePolicies<E> {
    type Service = Iam;
    type Input = Named;
    type Output = Listed<String>;
    type Error = Error;
    const NAME: &'static str = E::LIST_POLICIES.name;
    const ACTION: &'static str = E::LIST_POLICIES.action;

    fn checks(iam: &Iam, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<E>(cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Named) -> Result<Listed<String>, Error> {
        let entity: E = iam.get(cx, &input.name)?;
        input.paging.page("PolicyNames", entity.grants().inline.keys().map(|name| (name.clone(), name.clone())))
    }
}
