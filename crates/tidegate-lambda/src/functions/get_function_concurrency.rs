//! `GetFunctionConcurrency`: what is reserved for a function.

use super::put_function_concurrency::Output;
use super::shared::{Named, load};
use crate::tables::RESERVED;
use crate::{Error, Lambda};
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetFunctionConcurrency;

impl Operation for GetFunctionConcurrency {
    type Service = Lambda;
    type Input = Named;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetFunctionConcurrency";
    const ACTION: &'static str = "lambda:GetFunctionConcurrency";

    fn checks(lambda: &Lambda, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        input.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Named) -> Result<Output, Error> {
        let function = input.function(cx)?;
        let snapshot = lambda.store.snapshot();
        load(&snapshot, &function)?;
        Ok(Output { reserved_concurrent_executions: snapshot.get(&RESERVED, &function.key)? })
    }
}
