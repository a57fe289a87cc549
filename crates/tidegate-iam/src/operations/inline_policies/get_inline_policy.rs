//! `GetGroupPolicy`, `GetRolePolicy`, `GetUserPolicy`: an inline policy with its document.

use super::OneInput;
use crate::Error;
use crate::entity::Grantee;
use crate::operations::shared::Iam;
use crate::text::percent_encode;
use crate::views::NameOf;
use serde::Serialize;
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetInlinePolicy<E>(PhantomData<E>);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    #[serde(flatten)]
    name: NameOf,
    policy_name: String,
    policy_document: String,
}

impl<E: Grantee> Operation for GetInlinePolicy<E> {
    type Service = Iam;
    type Input = OneInput;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = E::GET_POLICY.name;
    const ACTION: &'static str = E::GET_POLICY.action;

    fn checks(iam: &Iam, cx: &Context, input: &OneInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<E>(cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: OneInput) -> Result<Output, Error> {
        let entity: E = iam.get(cx, &input.name)?;
        let document = entity.grants().inline.get(&input.policy_name);
        let document = document.ok_or_else(|| Error::NoSuchInline(E::KIND, input.policy_name.clone()))?;
        let name = NameOf::new(E::KIND, entity.name().to_owned());
        Ok(Output { name, policy_document: percent_encode(document), policy_name: input.policy_name })
    }
}
