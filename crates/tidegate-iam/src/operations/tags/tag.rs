//! `TagInstanceProfile`, `TagPolicy`, `TagRole`, `TagUser`: adds tags, or changes their values.

use super::{check, name_of};
use crate::entity::Tagged;
use crate::operations::shared::{Iam, new_tags, with_request_tags};
use crate::views;
use crate::{Error, limits};
use serde::Deserialize;
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Snapshot;

pub(crate) struct Tag<E>(PhantomData<E>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(alias = "RoleName", alias = "UserName", alias = "PolicyArn", alias = "InstanceProfileName")]
    name: String,
    tags: Vec<views::Tag>,
}

impl<E: Tagged> Operation for Tag<E> {
    type Service = Iam;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = E::TAG.name;
    const ACTION: &'static str = E::TAG.action;

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        Ok(vec![with_request_tags(check::<E>(iam, cx, Self::ACTION, &input.name)?, &input.tags)])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Empty, Error> {
        let name = name_of::<E>(iam, cx, &input.name)?;
        let new = new_tags(input.tags, E::TAGS_QUOTA)?;
        let change = move |_: &Snapshot, entity: &mut E| {
            entity.tags_mut().extend(new);
            let most = limits::TAGS_MAX;
            if entity.tags().len() > most { Err(Error::Quota(E::TAGS_QUOTA, most)) } else { Ok(Empty {}) }
        };
        iam.change(cx, name, change).await
    }
}
