//! `ListInstanceProfileTags`, `ListPolicyTags`, `ListRoleTags`, `ListUserTags`: an entity's tags.

use super::{check, name_of};
use crate::Error;
use crate::entity::Tagged;
use crate::operations::shared::Iam;
use crate::page::{End, Paging};
use crate::views::{Tag, tag_list};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct ListTags<E>(PhantomData<E>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(alias = "RoleName", alias = "UserName", alias = "PolicyArn", alias = "InstanceProfileName")]
    name: String,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    tags: Vec<Tag>,
    #[serde(flatten)]
    end: End,
}

impl<E: Tagged> Operation for ListTags<E> {
    type Service = Iam;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = E::LIST_TAGS.name;
    const ACTION: &'static str = E::LIST_TAGS.action;

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        Ok(vec![check::<E>(iam, cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Output, Error> {
        let entity: E = iam.get(cx, &name_of::<E>(iam, cx, &input.name)?)?;
        let tags = tag_list(entity.tags()).into_iter().map(|tag| (tag.key.clone(), tag));
        let (tags, end) = input.paging.page(tags)?;
        Ok(Output { tags, end })
    }
}
