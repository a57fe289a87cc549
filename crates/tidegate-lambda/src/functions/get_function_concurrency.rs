//! `GetFunctionConcurrency`: what is reserved for a function.

use super::put_function_concurrency::Output;
use super::shared::{check, load};
use crate::names::FunctionRef;
use crate::tables::RESERVED;
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetFunctionConcurrency;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    function_name: String,
}

impl Operation for GetFunctionConcurrency {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetFunctionConcurrency";
    const ACTION: &'static str = "lambda:GetFunctionConcurrency";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let function = FunctionRef::own(cx, &input.function_name, None)?;
        Ok(vec![check(lambda, Self::ACTION, &function)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = FunctionRef::own(cx, &input.function_name, None)?;
        let snapshot = lambda.store.snapshot();
        load(&snapshot, &function)?;
        Ok(Output { reserved_concurrent_executions: snapshot.get(&RESERVED, &function.key)? })
    }
}
