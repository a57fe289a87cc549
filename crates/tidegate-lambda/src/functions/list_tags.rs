//! `ListTags`: the tags of a function.

use super::shared::{check, load};
use super::tag_resource::tagged;
use crate::names::FunctionRef;
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};
use tidegate_types::Tags;

pub(crate) struct ListTags;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    resource: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    tags: Tags,
}

impl Operation for ListTags {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListTags";
    const ACTION: &'static str = "lambda:ListTags";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let check = check(lambda, Self::ACTION, &FunctionRef::own(cx, &input.resource, None)?)?;
        Ok(vec![check])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = tagged(cx, &input.resource)?;
        Ok(Output { tags: load(&lambda.store.snapshot(), &function)?.tags })
    }
}
