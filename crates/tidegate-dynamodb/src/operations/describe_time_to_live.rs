//! `DescribeTimeToLive`: the attribute by which items expire.

use super::create_table::table_resource;
use super::shared::open;
use crate::error::Error;
use crate::request::place;
use crate::service::DynamoDb;
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};

/// `DescribeTimeToLive`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html>
pub struct DescribeTimeToLive;

/// Which table.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: String,
}

/// The setting.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    time_to_live_description: Description,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Description {
    time_to_live_status: &'static str,
    attribute_name: Option<String>,
}

impl Operation for DescribeTimeToLive {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "DescribeTimeToLive";
    const ACTION: &'static str = "dynamodb:DescribeTimeToLive";

    fn resource(cx: &Context, input: &Input) -> String {
        table_resource(cx, &input.table_name)
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<Output, Error> {
        let attribute_name = open(db, place(cx, Some(&input.table_name))?)?.table.ttl.clone();
        let time_to_live_status = if attribute_name.is_some() { "ENABLED" } else { "DISABLED" };
        Ok(Output { time_to_live_description: Description { time_to_live_status, attribute_name } })
    }
}
