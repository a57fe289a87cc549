//! `PutFunctionConcurrency`: reserve a part of the account's concurrency for a function.

use super::shared::{Named, load};
use crate::limits::{CONCURRENCY_MAX, CONCURRENCY_UNRESERVED_MIN};
use crate::tables::RESERVED;
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct PutFunctionConcurrency;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(flatten)]
    named: Named,
    reserved_concurrent_executions: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    pub reserved_concurrent_executions: Option<u32>,
}

impl Operation for PutFunctionConcurrency {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "PutFunctionConcurrency";
    const ACTION: &'static str = "lambda:PutFunctionConcurrency";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        input.named.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = input.named.function(cx)?;
        let reserved = input.reserved_concurrent_executions;
        let write = move |tx: &mut Transaction| {
            load(tx, &function)?;
            let mut others = 0_u32;
            for entry in tx.scan(&RESERVED, (&function.key.0, &function.key.1)) {
                let (key, most) = entry?;
                others += if key == function.key { 0 } else { most };
            }
            if others.saturating_add(reserved) > CONCURRENCY_MAX - CONCURRENCY_UNRESERVED_MIN {
                return Err(Error::ReservedTooMuch);
            }
            Ok(tx.put(&RESERVED, &function.key, &reserved)?)
        };
        lambda.store.write(write).await?;
        // Every function that has no reservation may use less now.
        lambda.kept.forget_all();
        Ok(Output { reserved_concurrent_executions: Some(reserved) })
    }
}
