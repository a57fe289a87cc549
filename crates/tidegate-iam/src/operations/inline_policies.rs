//! Inline policies of users, roles and groups: `Put…Policy`, `Get…Policy`, `Delete…Policy`, `List…Policies`.

use super::Iam;
use crate::entity::Grantee;
use crate::page::{End, Paging};
use crate::text::{counted, percent_encode};
use crate::views::{Empty, NameOf};
use crate::{Error, documents};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Operation};

/// `PutRolePolicy` and its like.
pub(crate) struct Put<E>(PhantomData<E>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PutInput {
    #[serde(alias = "RoleName", alias = "UserName", alias = "GroupName")]
    name: String,
    policy_name: String,
    policy_document: String,
}

impl<E: Grantee> Operation for Put<E> {
    type Service = Iam;
    type Input = PutInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = E::PUT_POLICY.name;
    const ACTION: &'static str = E::PUT_POLICY.action;

    fn checks(iam: &Iam, cx: &Context, input: &PutInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<E>(cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: PutInput) -> Result<Empty, Error> {
        documents::check_identity(&input.policy_document)?;
        let change = move |entity: &mut E| {
            entity.grants_mut().inline.insert(input.policy_name, input.policy_document);
            let size: usize = entity.grants().inline.values().map(|document| counted(document)).sum();
            let (kind, name, size_max) = (E::KIND, entity.name().to_owned(), E::INLINE_SIZE_MAX);
            if size > size_max { Err(Error::InlineSize { kind, name, size_max }) } else { Ok(Empty {}) }
        };
        iam.change(cx, input.name, change).await
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OneInput {
    #[serde(alias = "RoleName", alias = "UserName", alias = "GroupName")]
    name: String,
    policy_name: String,
}

/// `GetRolePolicy` and its like.
pub(crate) struct Get<E>(PhantomData<E>);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetOutput {
    #[serde(flatten)]
    name: NameOf,
    policy_name: String,
    policy_document: String,
}

impl<E: Grantee> Operation for Get<E> {
    type Service = Iam;
    type Input = OneInput;
    type Output = GetOutput;
    type Error = Error;
    const NAME: &'static str = E::GET_POLICY.name;
    const ACTION: &'static str = E::GET_POLICY.action;

    fn checks(iam: &Iam, cx: &Context, input: &OneInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<E>(cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: OneInput) -> Result<GetOutput, Error> {
        let entity: E = iam.get(cx, &input.name)?;
        let document = entity.grants().inline.get(&input.policy_name);
        let document = document.ok_or_else(|| Error::NoSuchInline(E::KIND, input.policy_name.clone()))?;
        let name = NameOf::new(E::KIND, entity.name().to_owned());
        Ok(GetOutput { name, policy_document: percent_encode(document), policy_name: input.policy_name })
    }
}

/// `DeleteRolePolicy` and its like.
pub(crate) struct Delete<E>(PhantomData<E>);

impl<E: Grantee> Operation for Delete<E> {
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
        let change = move |entity: &mut E| match entity.grants_mut().inline.remove(&input.policy_name) {
            Some(_) => Ok(Empty {}),
            None => Err(Error::NoSuchInline(E::KIND, input.policy_name)),
        };
        iam.change(cx, input.name, change).await
    }
}

/// `ListRolePolicies` and its like.
pub(crate) struct List<E>(PhantomData<E>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListInput {
    #[serde(alias = "RoleName", alias = "UserName", alias = "GroupName")]
    name: String,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListOutput {
    policy_names: Vec<String>,
    #[serde(flatten)]
    end: End,
}

impl<E: Grantee> Operation for List<E> {
    type Service = Iam;
    type Input = ListInput;
    type Output = ListOutput;
    type Error = Error;
    const NAME: &'static str = E::LIST_POLICIES.name;
    const ACTION: &'static str = E::LIST_POLICIES.action;

    fn checks(iam: &Iam, cx: &Context, input: &ListInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<E>(cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: ListInput) -> Result<ListOutput, Error> {
        let entity: E = iam.get(cx, &input.name)?;
        let names = entity.grants().inline.keys().map(|name| (name.clone(), name.clone()));
        let (policy_names, end) = input.paging.page(names)?;
        Ok(ListOutput { policy_names, end })
    }
}
