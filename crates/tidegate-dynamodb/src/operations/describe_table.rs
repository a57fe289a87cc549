//! `DescribeTable`: everything about a table.

use super::create_table::table_resource;
use super::shared::{TableDescription, describe, open};
use crate::error::Error;
use crate::request::place;
use crate::service::DynamoDb;
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};

/// `DescribeTable`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html>
pub struct DescribeTable;

/// Which table.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: String,
}

/// The table.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    table: TableDescription,
}

impl Operation for DescribeTable {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "DescribeTable";
    const ACTION: &'static str = "dynamodb:DescribeTable";

    fn resource(cx: &Context, input: &Input) -> String {
        table_resource(cx, &input.table_name)
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<Output, Error> {
        let opened = open(db, place(cx, Some(&input.table_name))?)?;
        let status = if opened.table.indexes.iter().any(|i| i.building) { "UPDATING" } else { "ACTIVE" };
        Ok(Output { table: describe(db, cx, &opened.place, &opened.table, status)? })
    }
}
