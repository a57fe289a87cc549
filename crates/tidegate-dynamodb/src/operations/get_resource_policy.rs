//! `GetResourcePolicy`: the policy of a table.

use super::shared::open_arn;
use crate::error::Error;
use crate::service::DynamoDb;
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};

/// `GetResourcePolicy`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetResourcePolicy.html>
pub struct GetResourcePolicy;

/// Which table.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: String,
}

/// The policy.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    policy: String,
    revision_id: String,
}

impl Operation for GetResourcePolicy {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetResourcePolicy";
    const ACTION: &'static str = "dynamodb:GetResourcePolicy";

    fn resource(_: &Context, input: &Input) -> String {
        input.resource_arn.clone()
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<Output, Error> {
        let opened = open_arn(db, cx, &input.resource_arn)?;
        let policy = opened.table.policy.clone().ok_or(Error::NoPolicy(input.resource_arn))?;
        Ok(Output { policy: policy.document, revision_id: policy.revision })
    }
}
