//! Tags of users, roles, policies and instance profiles: `Tag…`, `Untag…`, `List…Tags`.

use super::{Iam, with_request_tags};
use crate::entity::{Kind, Tagged};
use crate::page::{End, Paging};
use crate::views::{Empty, Tag, tag_list};
use crate::{Error, limits, policies};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Operation};

/// The name that tags are stored under. Policies are named by their ARN.
fn name_of<E: Tagged>(iam: &Iam, cx: &Context, name: &str) -> Result<String, Error> {
    match E::KIND {
        Kind::Policy => Ok(policies::find_own(&iam.state.snapshot(), &cx.account, name)?.name),
        _ => Ok(name.to_owned()),
    }
}

fn check<E: Tagged>(iam: &Iam, cx: &Context, action: &str, name: &str) -> Result<Check, Error> {
    match name_of::<E>(iam, cx, name) {
        Ok(name) => iam.check_tagged::<E>(cx, action, &name),
        // Permissions are asked for before anyone learns what is there.
        Err(_) => Ok(Check::new(action, name)),
    }
}

/// `TagRole` and its like.
pub(crate) struct Put<E>(PhantomData<E>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PutInput {
    #[serde(alias = "RoleName", alias = "UserName", alias = "PolicyArn", alias = "InstanceProfileName")]
    name: String,
    tags: Vec<Tag>,
}

impl<E: Tagged> Operation for Put<E> {
    type Service = Iam;
    type Input = PutInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = E::TAG.name;
    const ACTION: &'static str = E::TAG.action;

    fn checks(iam: &Iam, cx: &Context, input: &PutInput) -> Result<Vec<Check>, Error> {
        Ok(vec![with_request_tags(check::<E>(iam, cx, Self::ACTION, &input.name)?, &input.tags)])
    }

    async fn call(iam: &Iam, cx: &Context, input: PutInput) -> Result<Empty, Error> {
        let name = name_of::<E>(iam, cx, &input.name)?;
        let new = super::new_tags(Some(input.tags), E::TAGS_QUOTA)?;
        let change = move |entity: &mut E| {
            entity.tags_mut().extend(new);
            let most = limits::TAGS_MAX;
            if entity.tags().len() > most { Err(Error::Quota(E::TAGS_QUOTA, most)) } else { Ok(Empty {}) }
        };
        iam.change(cx, name, change).await
    }
}

/// `UntagRole` and its like. Keys that are not there do not matter.
pub(crate) struct Remove<E>(PhantomData<E>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RemoveInput {
    #[serde(alias = "RoleName", alias = "UserName", alias = "PolicyArn", alias = "InstanceProfileName")]
    name: String,
    tag_keys: Vec<String>,
}

impl<E: Tagged> Operation for Remove<E> {
    type Service = Iam;
    type Input = RemoveInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = E::UNTAG.name;
    const ACTION: &'static str = E::UNTAG.action;

    fn checks(iam: &Iam, cx: &Context, input: &RemoveInput) -> Result<Vec<Check>, Error> {
        let check = check::<E>(iam, cx, Self::ACTION, &input.name)?;
        Ok(vec![input.tag_keys.iter().fold(check, |check, key| check.with("aws:TagKeys", key))])
    }

    async fn call(iam: &Iam, cx: &Context, input: RemoveInput) -> Result<Empty, Error> {
        let name = name_of::<E>(iam, cx, &input.name)?;
        let change = move |entity: &mut E| {
            entity.tags_mut().retain(|key, _| !input.tag_keys.contains(key));
            Ok(Empty {})
        };
        iam.change(cx, name, change).await
    }
}

/// `ListRoleTags` and its like.
pub(crate) struct List<E>(PhantomData<E>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListInput {
    #[serde(alias = "RoleName", alias = "UserName", alias = "PolicyArn", alias = "InstanceProfileName")]
    name: String,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListOutput {
    tags: Vec<Tag>,
    #[serde(flatten)]
    end: End,
}

impl<E: Tagged> Operation for List<E> {
    type Service = Iam;
    type Input = ListInput;
    type Output = ListOutput;
    type Error = Error;
    const NAME: &'static str = E::LIST_TAGS.name;
    const ACTION: &'static str = E::LIST_TAGS.action;

    fn checks(iam: &Iam, cx: &Context, input: &ListInput) -> Result<Vec<Check>, Error> {
        Ok(vec![check::<E>(iam, cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: ListInput) -> Result<ListOutput, Error> {
        let entity: E = iam.get(cx, &name_of::<E>(iam, cx, &input.name)?)?;
        let tags = tag_list(entity.tags()).into_iter().map(|tag| (tag.key.clone(), tag));
        let (tags, end) = input.paging.page(tags)?;
        Ok(ListOutput { tags, end })
    }
}
