//! `GetFunctionEventInvokeConfig`: how a function's asynchronous events are handled.

use super::put_function_event_invoke_config::{Output, output};
use super::shared::{Named, check_qualifier};
use crate::tables::EVENT_CONFIGS;
use crate::{Error, Lambda};
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetFunctionEventInvokeConfig;

impl Operation for GetFunctionEventInvokeConfig {
    type Service = Lambda;
    type Input = Named;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetFunctionEventInvokeConfig";
    const ACTION: &'static str = "lambda:GetFunctionEventInvokeConfig";

    fn checks(lambda: &Lambda, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        input.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Named) -> Result<Output, Error> {
        let function = input.function(cx)?;
        let snapshot = lambda.store.snapshot();
        check_qualifier(&snapshot, &function)?;
        let config = snapshot
            .get(&EVENT_CONFIGS, function.place())?
            .ok_or_else(|| Error::NoEventInvokeConfig(function.arn()))?;
        Ok(output(&function, config))
    }
}
