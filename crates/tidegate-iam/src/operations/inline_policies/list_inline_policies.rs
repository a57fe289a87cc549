//! `ListGroupPolicies`, `ListRolePolicies`, `ListUserPolicies`: the names of an entity's inline policies.

use crate::Error;
use crate::entity::Grantee;
use crate::operations::shared::Iam;
use crate::page::{End, Paging};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct ListInlinePolicies<E>(PhantomData<E>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(alias = "RoleName", alias = "UserName", alias = "GroupName")]
    name: String,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    policy_names: Vec<String>,
    #[serde(flatten)]
    end: End,
}

impl<E: Grantee> Operation for ListInlinePolicies<E> {
    type Service = Iam;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = E::LIST_POLICIES.name;
    const ACTION: &'static str = E::LIST_POLICIES.action;

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<E>(cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Output, Error> {
        let entity: E = iam.get(cx, &input.name)?;
        let names = entity.grants().inline.keys().map(|name| (name.clone(), name.clone()));
        let (policy_names, end) = input.paging.page(names)?;
        Ok(Output { policy_names, end })
    }
}
