//! `GetAccountSettings`: the account's limits, and what of them is used.

use crate::limits::{CODE_STORAGE_BYTES_MAX, CONCURRENCY_MAX, UNZIPPED_BYTES_MAX, ZIP_BYTES_MAX};
use crate::tables::{FUNCTIONS, RESERVED};
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};

pub(crate) struct GetAccountSettings;

#[derive(Deserialize)]
pub(crate) struct Input {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    account_limit: Limit,
    account_usage: Usage,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Limit {
    total_code_size: u64,
    code_size_unzipped: u64,
    code_size_zipped: usize,
    concurrent_executions: u32,
    unreserved_concurrent_executions: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Usage {
    total_code_size: u64,
    function_count: u64,
}

impl Operation for GetAccountSettings {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetAccountSettings";
    const ACTION: &'static str = "lambda:GetAccountSettings";

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let _: Input = input;
        let snapshot = lambda.store.snapshot();
        let mut usage = Usage { total_code_size: 0, function_count: 0 };
        for entry in snapshot.scan(&FUNCTIONS, (&cx.account, &cx.region)) {
            usage.total_code_size += entry?.1.latest.package.size_bytes;
            usage.function_count += 1;
        }
        let mut reserved = 0;
        for entry in snapshot.scan(&RESERVED, (&cx.account, &cx.region)) {
            reserved += entry?.1;
        }
        let account_limit = Limit {
            total_code_size: CODE_STORAGE_BYTES_MAX,
            code_size_unzipped: UNZIPPED_BYTES_MAX,
            code_size_zipped: ZIP_BYTES_MAX,
            concurrent_executions: CONCURRENCY_MAX,
            unreserved_concurrent_executions: CONCURRENCY_MAX.saturating_sub(reserved),
        };
        Ok(Output { account_limit, account_usage: usage })
    }
}
