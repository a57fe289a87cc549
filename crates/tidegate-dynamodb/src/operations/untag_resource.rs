//! `UntagResource`: take tags off a table.

use super::shared::{open_arn, update_record};
use crate::error::Error;
use crate::service::DynamoDb;
use serde::Deserialize;
use tidegate_core::{Context, Empty, Operation};

/// `UntagResource`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html>
pub struct UntagResource;

/// Which table, and the tags' keys.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: String,
    tag_keys: Vec<String>,
}

impl Operation for UntagResource {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "UntagResource";
    const ACTION: &'static str = "dynamodb:UntagResource";

    fn resource(_: &Context, input: &Input) -> String {
        input.resource_arn.clone()
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<Empty, Error> {
        let place = open_arn(db, cx, &input.resource_arn)?.place;
        let untagged = update_record(db, place, move |table| {
            table.tags.retain(|key, _| !input.tag_keys.contains(key));
            Ok(())
        });
        untagged.await.map(|_| Empty {})
    }
}
