//! `DeleteFunctionEventInvokeConfig`: handle a function's asynchronous events as AWS does by itself again.

use super::shared::{Named, check_qualifier};
use crate::tables::EVENT_CONFIGS;
use crate::{Error, Lambda};
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Transaction;

pub(crate) struct DeleteFunctionEventInvokeConfig;

impl Operation for DeleteFunctionEventInvokeConfig {
    type Service = Lambda;
    type Input = Named;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteFunctionEventInvokeConfig";
    const ACTION: &'static str = "lambda:DeleteFunctionEventInvokeConfig";

    fn checks(lambda: &Lambda, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        input.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Named) -> Result<Empty, Error> {
        let function = input.function(cx)?;
        let target = function.clone();
        let write = move |tx: &mut Transaction| {
            check_qualifier(tx, &target)?;
            let taken = tx.take(&EVENT_CONFIGS, target.place())?;
            taken.map(drop).ok_or_else(|| Error::NoEventInvokeConfig(target.arn()))
        };
        lambda.store.write(write).await?;
        lambda.changed(&function.key);
        Ok(Empty {})
    }
}
