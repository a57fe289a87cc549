//! `DeleteFunctionEventInvokeConfig`: handle a function's asynchronous events as AWS does by itself again.

use super::shared::{Empty, check, check_qualifier};
use crate::names::FunctionRef;
use crate::tables::EVENT_CONFIGS;
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct DeleteFunctionEventInvokeConfig;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    function_name: String,
    qualifier: Option<String>,
}

impl Operation for DeleteFunctionEventInvokeConfig {
    type Service = Lambda;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteFunctionEventInvokeConfig";
    const ACTION: &'static str = "lambda:DeleteFunctionEventInvokeConfig";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let function = FunctionRef::own(cx, &input.function_name, input.qualifier.as_deref())?;
        Ok(vec![check(lambda, Self::ACTION, &function)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Empty, Error> {
        let function = FunctionRef::own(cx, &input.function_name, input.qualifier.as_deref())?;
        let target = function.clone();
        let write = move |tx: &mut Transaction| {
            check_qualifier(tx, &target)?;
            let (account, region, name) = &target.key;
            let place = (account, region, name.as_str(), target.stored_qualifier());
            let taken = tx.take(&EVENT_CONFIGS, place)?;
            taken.map(drop).ok_or_else(|| Error::NoEventInvokeConfig(target.arn()))
        };
        lambda.store.write(write).await?;
        lambda.changed(&function.key);
        Ok(Empty {})
    }
}
