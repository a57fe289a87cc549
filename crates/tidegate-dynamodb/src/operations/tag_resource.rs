//! `TagResource`: set tags of a table.

use super::shared::{Tag, open_arn, requested, tags, update_record};
use crate::error::Error;
use crate::limits;
use crate::service::DynamoDb;
use serde::Deserialize;
use tidegate_core::{Check, Context, Empty, Operation};

/// `TagResource`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html>
pub struct TagResource;

/// Which table, and the tags.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: String,
    tags: Vec<Tag>,
}

impl Operation for TagResource {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "TagResource";
    const ACTION: &'static str = "dynamodb:TagResource";

    fn resource(_: &Context, input: &Input) -> String {
        input.resource_arn.clone()
    }

    fn checks(_: &DynamoDb, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        Ok(vec![requested(Check::new(Self::ACTION, Self::resource(cx, input)), &input.tags)])
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<Empty, Error> {
        let place = open_arn(db, cx, &input.resource_arn)?.place;
        let given = tags(input.tags);
        let tagged = update_record(db, place, move |table| {
            table.tags.extend(given);
            if table.tags.len() > limits::TAGS {
                return Err(Error::parameter(format!("Too Many Tags: more than {} tags", limits::TAGS)));
            }
            Ok(())
        });
        tagged.await.map(|_| Empty {})
    }
}
