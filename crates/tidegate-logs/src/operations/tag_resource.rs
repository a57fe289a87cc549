//! `TagResource`: add tags to a group, or give them other values.

use crate::groups::{check, group_arn, group_of_identifier};
use crate::tags::{add, with_request_tags};
use crate::{Error, Logs};
use serde::Deserialize;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_types::Tags;

pub(crate) struct TagResource;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    resource_arn: String,
    tags: Tags,
}

impl Operation for TagResource {
    type Service = Logs;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "TagResource";
    const ACTION: &'static str = "logs:TagResource";

    fn checks(logs: &Logs, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let group = group_of_identifier(cx, &input.resource_arn)?;
        Ok(vec![with_request_tags(check(logs, cx, Self::ACTION, group_arn(cx, &group), &group)?, &input.tags)])
    }

    async fn call(logs: &Logs, cx: &Context, input: Input) -> Result<Empty, Error> {
        let group = group_of_identifier(cx, &input.resource_arn)?;
        add(logs, cx, group, input.tags).await
    }
}
