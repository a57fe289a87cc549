//! `UpdateFunctionEventInvokeConfig`: change how a function's asynchronous events are handled; what is not said stays.

use super::put_function_event_invoke_config::{Input, Output, put};
use super::shared::{check, load};
use crate::names::FunctionRef;
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
        let function = FunctionRef::own(cx, &input.function_name, input.qualifier.as_deref())?;
        Ok(vec![check(lambda, Self::ACTION, &function)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = FunctionRef::own(cx, &input.function_name, input.qualifier.as_deref())?;
        let snapshot = lambda.store.snapshot();
        load(&snapshot, &function)?;
        let (account, region, name) = &function.key;
        let place = (account, region, name.as_str(), function.stored_qualifier());
        snapshot.get(&EVENT_CONFIGS, place)?.ok_or_else(|| Error::NoEventInvokeConfig(function.arn()))?;
        put(lambda, cx, input, |stored| stored).await
    }
}
