//! `UpdateFunctionEventInvokeConfig`: change how a function's asynchronous events are handled; what is not said stays.

use super::put_function_event_invoke_config::{Input, Output, put};
use super::shared::load;
use crate::tables::EVENT_CONFIGS;
use crate::{Error, Lambda};
use tidegate_core::{Check, Context, Operation};

pub(crate) struct UpdateFunctionEventInvokeConfig;

impl Operation for UpdateFunctionEventInvokeConfig {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "UpdateFunctionEventInvokeConfig";
    const ACTION: &'static str = "lambda:UpdateFunctionEventInvokeConfig";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        input.named.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = input.named.function(cx)?;
        let snapshot = lambda.store.snapshot();
        load(&snapshot, &function)?;
        snapshot.get(&EVENT_CONFIGS, function.place())?.ok_or_else(|| Error::NoEventInvokeConfig(function.arn()))?;
        put(lambda, cx, input, |stored| stored).await
    }
}
