//! `DescribeLimits`: quotas of provisioned units.

use crate::error::Error;
use crate::service::DynamoDb;
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};

/// `DescribeLimits`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeLimits.html>
pub struct DescribeLimits;

/// Nothing.
#[derive(Deserialize)]
pub struct Input {}

/// Quotas.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    account_max_read_capacity_units: u64,
    account_max_write_capacity_units: u64,
    table_max_read_capacity_units: u64,
    table_max_write_capacity_units: u64,
}

impl Operation for DescribeLimits {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "DescribeLimits";
    const ACTION: &'static str = "dynamodb:DescribeLimits";

    /// The quotas that AWS gives a new account.
    async fn call(_: &DynamoDb, _: &Context, _: Input) -> Result<Output, Error> {
        Ok(Output {
            account_max_read_capacity_units: 80_000,
            account_max_write_capacity_units: 80_000,
            table_max_read_capacity_units: 40_000,
            table_max_write_capacity_units: 40_000,
        })
    }
}
