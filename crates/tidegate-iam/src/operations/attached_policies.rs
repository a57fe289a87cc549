//! Managed policies of users, roles and groups: `Attach…Policy`, `Detach…Policy`, `ListAttached…Policies`.

use super::Iam;
use crate::entity::Grantee;
use crate::page::{End, Paging};
use crate::views::{AttachedPolicy, Empty};
use crate::{Error, limits, policies};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OneInput {
    #[serde(alias = "RoleName", alias = "UserName", alias = "GroupName")]
    name: String,
    policy_arn: String,
}

fn check<E: Grantee>(iam: &Iam, cx: &Context, action: &str, input: &OneInput) -> Result<Vec<Check>, Error> {
    Ok(vec![iam.check::<E>(cx, action, &input.name)?.with("iam:PolicyARN", &input.policy_arn)])
}

/// `AttachRolePolicy` and its like. Attaching twice changes nothing.
pub(crate) struct Attach<E>(PhantomData<E>);

impl<E: Grantee> Operation for Attach<E> {
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
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| {
            let mut entity = E::get(tx, &account, &input.name)?;
            if policies::find(tx, &account, &input.policy_arn)?.is_none() {
                return Err(Error::NotAttachable(input.policy_arn));
            }
            entity.grants_mut().attached.insert(input.policy_arn);
            if entity.grants().attached.len() > limits::ATTACHED_POLICIES_MAX {
                return Err(Error::Quota(E::ATTACHED_QUOTA, limits::ATTACHED_POLICIES_MAX));
            }
            entity.save(tx, &account)
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}

/// `DetachRolePolicy` and its like.
pub(crate) struct Detach<E>(PhantomData<E>);

impl<E: Grantee> Operation for Detach<E> {
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
        let change = move |entity: &mut E| {
            let was = entity.grants_mut().attached.remove(&input.policy_arn);
            if was { Ok(Empty {}) } else { Err(Error::NoSuchPolicy(input.policy_arn)) }
        };
        iam.change(cx, input.name, change).await
    }
}

/// `ListAttachedRolePolicies` and its like.
pub(crate) struct ListAttached<E>(PhantomData<E>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListInput {
    #[serde(alias = "RoleName", alias = "UserName", alias = "GroupName")]
    name: String,
    path_prefix: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListOutput {
    attached_policies: Vec<AttachedPolicy>,
    #[serde(flatten)]
    end: End,
}

impl<E: Grantee> Operation for ListAttached<E> {
    type Service = Iam;
    type Input = ListInput;
    type Output = ListOutput;
    type Error = Error;
    const NAME: &'static str = E::LIST_ATTACHED.name;
    const ACTION: &'static str = E::LIST_ATTACHED.action;

    fn checks(iam: &Iam, cx: &Context, input: &ListInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<E>(cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: ListInput) -> Result<ListOutput, Error> {
        let entity: E = iam.get(cx, &input.name)?;
        let prefix = input.path_prefix.as_deref().unwrap_or("/");
        let below = |arn: &&String| arn.split_once(":policy").is_some_and(|(_, rest)| rest.starts_with(prefix));
        let arns = entity.grants().attached.iter().filter(below).map(|arn| (arn.clone(), arn.clone()));
        let (arns, end) = input.paging.page(arns)?;
        let shown = |policy_arn: String| {
            let policy_name = policy_arn.rsplit('/').next().unwrap_or_default().to_owned();
            AttachedPolicy { policy_name, policy_arn }
        };
        Ok(ListOutput { attached_policies: arns.into_iter().map(shown).collect(), end })
    }
}
