//! `PutGroupPolicy`, `PutRolePolicy`, `PutUserPolicy`: adds an inline policy, or takes the place of one.

use crate::entity::Grantee;
use crate::operations::shared::Iam;
use crate::text::counted;
use crate::{Error, documents};
use serde::Deserialize;
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Snapshot;

pub(crate) struct PutInlinePolicy<E>(PhantomData<E>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(alias = "RoleName", alias = "UserName", alias = "GroupName")]
    name: String,
    policy_name: String,
    policy_document: String,
}

impl<E: Grantee> Operation for PutInlinePolicy<E> {
    type Service = Iam;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = E::PUT_POLICY.name;
    const ACTION: &'static str = E::PUT_POLICY.action;

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<E>(cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Empty, Error> {
        documents::check_identity(&input.policy_document)?;
        let change = move |_: &Snapshot, entity: &mut E| {
            entity.grants_mut().inline.insert(input.policy_name, input.policy_document);
            let size: usize = entity.grants().inline.values().map(|document| counted(document)).sum();
            let (kind, name, size_max) = (E::KIND, entity.name().to_owned(), E::INLINE_SIZE_MAX);
            if size > size_max { Err(Error::InlineSize { kind, name, size_max }) } else { Ok(Empty {}) }
        };
        iam.change(cx, input.name, change).await
    }
}
