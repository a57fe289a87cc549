//! `DescribeEndpoints`: the address of this region.

use crate::error::Error;
use crate::service::DynamoDb;
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};

/// `DescribeEndpoints`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeEndpoints.html>
pub struct DescribeEndpoints;

/// Nothing.
#[derive(Deserialize)]
pub struct Input {}

/// Addresses.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    endpoints: Vec<Endpoint>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Endpoint {
    address: String,
    cache_period_in_minutes: u32,
}

impl Operation for DescribeEndpoints {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "DescribeEndpoints";
    const ACTION: &'static str = "dynamodb:DescribeEndpoints";

    async fn call(_: &DynamoDb, cx: &Context, _: Input) -> Result<Output, Error> {
        let address = format!("dynamodb.{}.amazonaws.com", cx.region);
        Ok(Output { endpoints: vec![Endpoint { address, cache_period_in_minutes: 1440 }] })
    }
}
