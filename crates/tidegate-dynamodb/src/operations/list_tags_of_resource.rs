//! `ListTagsOfResource`: the tags of a table.

use super::shared::{Tag, open_arn, tag_list};
use crate::error::Error;
use crate::service::DynamoDb;
use serde::Deserialize;
use tidegate_core::{Context, One, Operation};

/// `ListTagsOfResource`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html>
pub struct ListTagsOfResource;

/// Which table. All tags come at once, so that there is no next page to ask for.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: String,
}

impl Operation for ListTagsOfResource {
    type Service = DynamoDb;
    type Input = Input;
    type Output = One<Vec<Tag>>;
    type Error = Error;
    const NAME: &'static str = "ListTagsOfResource";
    const ACTION: &'static str = "dynamodb:ListTagsOfResource";
    const NOT_HONORED: &'static [(&'static str, &'static str)] = &[("NextToken", "all tags come on one page")];

    fn resource(_: &Context, input: &Input) -> String {
        input.resource_arn.clone()
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<One<Vec<Tag>>, Error> {
        Ok(One("Tags", tag_list(&open_arn(db, cx, &input.resource_arn)?.table.tags)))
    }
}
