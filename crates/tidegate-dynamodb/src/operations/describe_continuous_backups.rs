//! `DescribeContinuousBackups`: how far back a table can be restored.

use super::shared::{ContinuousBackups, Named, open_named, recovery};
use crate::error::Error;
use crate::service::DynamoDb;
use tidegate_core::{Context, One, Operation};

/// `DescribeContinuousBackups`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html>
pub struct DescribeContinuousBackups;

impl Operation for DescribeContinuousBackups {
    type Service = DynamoDb;
    type Input = Named;
    type Output = One<ContinuousBackups>;
    type Error = Error;
    const NAME: &'static str = "DescribeContinuousBackups";
    const ACTION: &'static str = "dynamodb:DescribeContinuousBackups";

    fn resource(cx: &Context, input: &Named) -> String {
        input.resource(cx)
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Named) -> Result<One<ContinuousBackups>, Error> {
        let opened = open_named(db, input.place(cx)?)?;
        Ok(One("ContinuousBackupsDescription", recovery(&opened.table, cx.clock().now())))
    }
}
