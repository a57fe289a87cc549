//! `DeleteFunctionConcurrency`: give a function's reservation back to the account.

use super::shared::{Named, load};
use crate::tables::RESERVED;
use crate::{Error, Lambda};
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Transaction;

pub(crate) struct DeleteFunctionConcurrency;

impl Operation for DeleteFunctionConcurrency {
    type Service = Lambda;
    type Input = Named;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteFunctionConcurrency";
    const ACTION: &'static str = "lambda:DeleteFunctionConcurrency";

    fn checks(lambda: &Lambda, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        input.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Named) -> Result<Empty, Error> {
        let function = input.function(cx)?;
        let write = move |tx: &mut Transaction| {
            load(tx, &function)?;
            Ok::<_, Error>(tx.delete(&RESERVED, &function.key)?)
        };
        lambda.store.write(write).await?;
        lambda.kept.forget_all();
        Ok(Empty {})
    }
}
