//! `ListTables`: names of tables, in order.

use crate::error::Error;
use crate::service::DynamoDb;
use crate::tables::TABLES;
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};

/// `ListTables`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html>
pub struct ListTables;

/// Where to start, and how many.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    exclusive_start_table_name: Option<String>,
    limit: Option<usize>,
}

/// A page of names.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    table_names: Vec<String>,
    last_evaluated_table_name: Option<String>,
}

/// Names on a page where the request does not say.
const PAGE: usize = 100;

impl Operation for ListTables {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListTables";
    const ACTION: &'static str = "dynamodb:ListTables";

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<Output, Error> {
        let limit = input.limit.unwrap_or(PAGE).min(PAGE);
        let start = input.exclusive_start_table_name.unwrap_or_default();
        let (account, region) = (&cx.account, &cx.region);
        let rows = db.snapshot().scan_after(&TABLES, (account, region), (account, region, start.as_str()));
        let names = rows.map(|row| row.map(|((_, _, name), _)| name)).take(limit + 1);
        let mut table_names = names.collect::<Result<Vec<_>, _>>()?;
        let more = table_names.len() > limit;
        table_names.truncate(limit);
        let last_evaluated_table_name = if more { table_names.last().cloned() } else { None };
        Ok(Output { table_names, last_evaluated_table_name })
    }
}
