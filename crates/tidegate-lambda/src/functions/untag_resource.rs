//! `UntagResource`: take tags off a function.

use super::shared::check;
use super::tag_resource::change;
use crate::names::FunctionRef;
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Empty, Operation};

pub(crate) struct UntagResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    resource: String,
    tag_keys: Vec<String>,
}

impl Operation for UntagResource {
    type Service = Lambda;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "UntagResource";
    const ACTION: &'static str = "lambda:UntagResource";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let check = check(lambda, Self::ACTION, &FunctionRef::own(cx, &input.resource, None)?)?;
        Ok(vec![input.tag_keys.iter().fold(check, |check, key| check.with("aws:TagKeys", key))])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Empty, Error> {
        change(lambda, cx, &input.resource, move |function| {
            function.tags.retain(|key, _| !input.tag_keys.contains(key));
            Ok(())
        })
        .await
    }
}
