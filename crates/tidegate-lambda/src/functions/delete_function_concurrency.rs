//! `DeleteFunctionConcurrency`: give a function's reservation back to the account.

use super::shared::{Empty, check, load};
use crate::names::FunctionRef;
use crate::tables::RESERVED;
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct DeleteFunctionConcurrency;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    function_name: String,
}

impl Operation for DeleteFunctionConcurrency {
    type Service = Lambda;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteFunctionConcurrency";
    const ACTION: &'static str = "lambda:DeleteFunctionConcurrency";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let function = FunctionRef::own(cx, &input.function_name, None)?;
        Ok(vec![check(lambda, Self::ACTION, &function)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Empty, Error> {
        let function = FunctionRef::own(cx, &input.function_name, None)?;
        let write = move |tx: &mut Transaction| {
            load(tx, &function)?;
            Ok::<_, Error>(tx.delete(&RESERVED, &function.key)?)
        };
        lambda.store.write(write).await?;
        lambda.kept.forget_all();
        Ok(Empty {})
    }
}
