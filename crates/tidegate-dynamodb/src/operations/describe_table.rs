//! `DescribeTable`: everything about a table.

use super::shared::{Named, TableDescription, describe, open};
use crate::error::Error;
use crate::service::DynamoDb;
use tidegate_core::{Context, One, Operation};

/// `DescribeTable`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html>
pub struct DescribeTable;

impl Operation for DescribeTable {
    type Service = DynamoDb;
    type Input = Named;
    type Output = One<TableDescription>;
    type Error = Error;
    const NAME: &'static str = "DescribeTable";
    const ACTION: &'static str = "dynamodb:DescribeTable";

    fn resource(cx: &Context, input: &Named) -> String {
        input.resource(cx)
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Named) -> Result<One<TableDescription>, Error> {
        let opened = open(db, input.place(cx)?)?;
        let status = if opened.table.indexes.iter().any(|i| i.building) { "UPDATING" } else { "ACTIVE" };
        Ok(One("Table", describe(db, cx, &opened.place, &opened.table, status)?))
    }
}
