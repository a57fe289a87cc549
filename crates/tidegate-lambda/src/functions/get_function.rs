//! `GetFunction`: a version's configuration, where its code can be fetched, the function's tags and reservation.

use super::shared::{Named, load, resolve};
use crate::configuration::{Description, Shown};
use crate::names::{FunctionRef, LATEST, Qualifier};
use crate::tables::RESERVED;
use crate::{Error, Lambda};
use serde::Serialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Snapshot;
use tidegate_types::Tags;

pub(crate) struct GetFunction;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    configuration: Description,
    code: Code,
    tags: Option<Tags>,
    concurrency: Option<Concurrency>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Code {
    repository_type: &'static str,
    location: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Concurrency {
    reserved_concurrent_executions: u32,
}

impl Operation for GetFunction {
    type Service = Lambda;
    type Input = Named;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetFunction";
    const ACTION: &'static str = "lambda:GetFunction";

    fn checks(lambda: &Lambda, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        input.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Named) -> Result<Output, Error> {
        let function = input.function(cx)?;
        let snapshot = lambda.store.snapshot();
        let (_, configuration) = resolve(&snapshot, &function)?;
        let location = lambda.packages.location(&configuration.package, cx.clock().now_ms());
        let reserved = snapshot.get(&RESERVED, &function.key)?;
        Ok(Output {
            configuration: describe(&snapshot, &function)?,
            code: Code { repository_type: "S3", location },
            tags: Some(load(&snapshot, &function)?.tags).filter(|tags| !tags.is_empty()),
            concurrency: reserved.map(|reserved_concurrent_executions| Concurrency { reserved_concurrent_executions }),
        })
    }
}

/// The description of the version that is meant; an alias shows its own ARN.
pub(super) fn describe(snapshot: &Snapshot, function: &FunctionRef) -> Result<Description, Error> {
    let (number, configuration) = resolve(snapshot, function)?;
    let qualified = function.qualifier.as_deref() == Some(LATEST);
    let mut description = configuration.describe(&function.key, number, qualified, Shown::Read);
    if let Qualifier::Alias(_) = function.which() {
        description.function_arn = function.arn();
    }
    Ok(description)
}
