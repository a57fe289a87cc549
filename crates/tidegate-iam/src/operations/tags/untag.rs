//! `UntagInstanceProfile`, `UntagPolicy`, `UntagRole`, `UntagUser`: removes tags by their keys.

use super::{check, name_of};
use crate::Error;
use crate::entity::Tagged;
use crate::operations::shared::Iam;
use serde::Deserialize;
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Snapshot;

/// Keys that are not there do not matter.
pub(crate) struct Untag<E>(PhantomData<E>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(alias = "RoleName", alias = "UserName", alias = "PolicyArn", alias = "InstanceProfileName")]
    name: String,
    tag_keys: Vec<String>,
}

impl<E: Tagged> Operation for Untag<E> {
    type Service = Iam;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = E::UNTAG.name;
    const ACTION: &'static str = E::UNTAG.action;

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let check = check::<E>(iam, cx, Self::ACTION, &input.name)?;
        Ok(vec![input.tag_keys.iter().fold(check, |check, key| check.with("aws:TagKeys", key))])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Empty, Error> {
        let name = name_of::<E>(iam, cx, &input.name)?;
        let change = move |_: &Snapshot, entity: &mut E| {
            entity.tags_mut().retain(|key, _| !input.tag_keys.contains(key));
            Ok(Empty {})
        };
        iam.change(cx, name, change).await
    }
}
