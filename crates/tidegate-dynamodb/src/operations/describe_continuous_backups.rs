//! `DescribeContinuousBackups`: how far back a table can be restored.

use super::create_table::table_resource;
use super::shared::{ContinuousBackups, open_named, recovery};
use crate::error::Error;
use crate::request::place;
use crate::service::DynamoDb;
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};

/// `DescribeContinuousBackups`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html>
pub struct DescribeContinuousBackups;

/// Which table.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: String,
}

/// How far back the table can be restored.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    continuous_backups_description: ContinuousBackups,
}

impl Operation for DescribeContinuousBackups {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "DescribeContinuousBackups";
    const ACTION: &'static str = "dynamodb:DescribeContinuousBackups";

    fn resource(cx: &Context, input: &Input) -> String {
        table_resource(cx, &input.table_name)
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<Output, Error> {
        let opened = open_named(db, place(cx, Some(&input.table_name))?)?;
        Ok(Output { continuous_backups_description: recovery(&opened.table, cx.clock().now()) })
    }
}
