//! `DeleteResourcePolicy`: take the policy off a table.

use super::shared::{check_revision, open_arn, update_record};
use crate::error::Error;
use crate::service::DynamoDb;
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};

/// `DeleteResourcePolicy`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteResourcePolicy.html>
pub struct DeleteResourcePolicy;

/// Which table.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: String,
    expected_revision_id: Option<String>,
}

/// The revision of the policy that is gone.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    revision_id: Option<String>,
}

impl Operation for DeleteResourcePolicy {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "DeleteResourcePolicy";
    const ACTION: &'static str = "dynamodb:DeleteResourcePolicy";

    fn resource(_: &Context, input: &Input) -> String {
        input.resource_arn.clone()
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<Output, Error> {
        let opened = open_arn(db, cx, &input.resource_arn)?;
        let revision_id = opened.table.policy.as_ref().map(|p| p.revision.clone());
        let deleted = update_record(db, opened.place, move |table| {
            check_revision(table, input.expected_revision_id.as_deref())?;
            table.policy = None;
            Ok(())
        });
        deleted.await.map(|_| Output { revision_id })
    }
}
