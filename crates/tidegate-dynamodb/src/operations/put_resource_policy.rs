//! `PutResourcePolicy`: set the policy of a table.

use super::create_table::policy;
use super::shared::{check_revision, open_arn, update_record};
use crate::error::Error;
use crate::service::DynamoDb;
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};

/// `PutResourcePolicy`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html>
pub struct PutResourcePolicy;

/// Which table, and the policy.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: String,
    policy: String,
    expected_revision_id: Option<String>,
}

/// The policy's revision.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    revision_id: String,
}

impl Operation for PutResourcePolicy {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "PutResourcePolicy";
    const ACTION: &'static str = "dynamodb:PutResourcePolicy";
    const NOT_HONORED: &'static [(&'static str, &'static str)] =
        &[("ConfirmRemoveSelfResourceAccess", "AWS asks for it by HTTP header before a policy locks its author out")];

    fn resource(_: &Context, input: &Input) -> String {
        input.resource_arn.clone()
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<Output, Error> {
        let place = open_arn(db, cx, &input.resource_arn)?.place;
        let new = policy(cx, input.policy)?;
        let revision_id = new.revision.clone();
        let put = update_record(db, place, move |table| {
            check_revision(table, input.expected_revision_id.as_deref())?;
            table.policy = Some(new);
            Ok(())
        });
        put.await.map(|_| Output { revision_id })
    }
}
