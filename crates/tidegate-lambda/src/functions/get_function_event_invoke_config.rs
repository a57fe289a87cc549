//! `GetFunctionEventInvokeConfig`: how a function's asynchronous events are handled.

use super::put_function_event_invoke_config::{Output, output};
use super::shared::{check, check_qualifier};
use crate::names::FunctionRef;
use crate::tables::EVENT_CONFIGS;
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetFunctionEventInvokeConfig;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    function_name: String,
    qualifier: Option<String>,
}

impl Operation for GetFunctionEventInvokeConfig {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetFunctionEventInvokeConfig";
    const ACTION: &'static str = "lambda:GetFunctionEventInvokeConfig";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let function = FunctionRef::own(cx, &input.function_name, input.qualifier.as_deref())?;
        Ok(vec![check(lambda, Self::ACTION, &function)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = FunctionRef::own(cx, &input.function_name, input.qualifier.as_deref())?;
        let snapshot = lambda.store.snapshot();
        check_qualifier(&snapshot, &function)?;
        let (account, region, name) = &function.key;
        let place = (account, region, name.as_str(), function.stored_qualifier());
        let config = snapshot.get(&EVENT_CONFIGS, place)?.ok_or_else(|| Error::NoEventInvokeConfig(function.arn()))?;
        Ok(output(&function, config))
    }
}
