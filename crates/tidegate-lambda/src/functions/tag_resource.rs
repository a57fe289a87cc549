//! `TagResource`: add tags to a function, or give them other values.

use super::shared::check;
use crate::limits::TAGS_MAX;
use crate::names::FunctionRef;
use crate::tables::{FUNCTIONS, Function};
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Transaction;
use tidegate_types::Tags;

pub(crate) struct TagResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    resource: String,
    tags: Tags,
}

impl Operation for TagResource {
    type Service = Lambda;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "TagResource";
    const ACTION: &'static str = "lambda:TagResource";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let check = check(lambda, Self::ACTION, &FunctionRef::own(cx, &input.resource, None)?)?;
        let add = |check: Check, (key, value): (&String, &String)| {
            check.with(&format!("aws:RequestTag/{key}"), value).with("aws:TagKeys", key)
        };
        Ok(vec![input.tags.iter().fold(check, add)])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Empty, Error> {
        change(lambda, cx, &input.resource, move |function| {
            function.tags.extend(input.tags);
            if function.tags.len() > TAGS_MAX { Err(Error::TooManyTags) } else { Ok(()) }
        })
        .await
    }
}

/// Changes the tags of a function, which is named by its ARN without a qualifier.
pub(super) async fn change(
    lambda: &Lambda,
    cx: &Context,
    resource: &str,
    change: impl FnOnce(&mut Function) -> Result<(), Error> + Send + 'static,
) -> Result<Empty, Error> {
    let function = tagged(cx, resource)?;
    let write = move |tx: &mut Transaction| {
        let mut stored = tx.get(&FUNCTIONS, &function.key)?.ok_or_else(|| function.not_found())?;
        change(&mut stored)?;
        Ok::<_, Error>(tx.put(&FUNCTIONS, &function.key, &stored)?)
    };
    lambda.store.write(write).await?;
    Ok(Empty {})
}

/// The function that a tagging operation is about.
pub(super) fn tagged(cx: &Context, resource: &str) -> Result<FunctionRef, Error> {
    if !resource.contains(":function:") {
        return Err(Error::Unsupported(format!("Tagging {resource}")));
    }
    let function = FunctionRef::own(cx, resource, None)?;
    if function.qualifier.is_some() { Err(Error::TagsOnQualifier) } else { Ok(function) }
}
