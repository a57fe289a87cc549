//! `UntagResource`: take tags off a group.

use crate::groups::{check, group_arn, group_of_identifier};
use crate::tags::remove;
use crate::{Error, Logs};
use serde::Deserialize;
use tidegate_core::{Check, Context, Empty, Operation};

pub(crate) struct UntagResource;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    resource_arn: String,
    tag_keys: Vec<String>,
}

impl Operation for UntagResource {
    type Service = Logs;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "UntagResource";
    const ACTION: &'static str = "logs:UntagResource";

    fn checks(logs: &Logs, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let group = group_of_identifier(cx, &input.resource_arn)?;
        let check = check(logs, cx, Self::ACTION, group_arn(cx, &group), &group)?;
        Ok(vec![input.tag_keys.iter().fold(check, |check, key| check.with("aws:TagKeys", key))])
    }

    async fn call(logs: &Logs, cx: &Context, input: Input) -> Result<Empty, Error> {
        let group = group_of_identifier(cx, &input.resource_arn)?;
        remove(logs, cx, group, input.tag_keys).await
    }
}
