//! `DescribeTimeToLive`: the attribute by which items expire.

use super::shared::{Named, open};
use crate::error::Error;
use crate::service::DynamoDb;
use serde::Serialize;
use tidegate_core::{Context, One, Operation};

/// `DescribeTimeToLive`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html>
pub struct DescribeTimeToLive;

/// The setting.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Description {
    time_to_live_status: &'static str,
    attribute_name: Option<String>,
}

impl Operation for DescribeTimeToLive {
    type Service = DynamoDb;
    type Input = Named;
    type Output = One<Description>;
    type Error = Error;
    const NAME: &'static str = "DescribeTimeToLive";
    const ACTION: &'static str = "dynamodb:DescribeTimeToLive";

    fn resource(cx: &Context, input: &Named) -> String {
        input.resource(cx)
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Named) -> Result<One<Description>, Error> {
        let attribute_name = open(db, input.place(cx)?)?.table.ttl.clone();
        let time_to_live_status = if attribute_name.is_some() { "ENABLED" } else { "DISABLED" };
        Ok(One("TimeToLiveDescription", Description { time_to_live_status, attribute_name }))
    }
}
