//! `TagLogGroup`: the older form of `TagResource`, by name.

use crate::groups::{check, stream_arn};
use crate::tags::{add, with_request_tags};
use crate::{Error, Logs};
use serde::Deserialize;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_types::Tags;

pub(crate) struct TagLogGroup;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    log_group_name: String,
    tags: Tags,
}

impl Operation for TagLogGroup {
    type Service = Logs;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "TagLogGroup";
    const ACTION: &'static str = "logs:TagLogGroup";

    fn checks(logs: &Logs, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let group = &input.log_group_name;
        Ok(vec![with_request_tags(check(logs, cx, Self::ACTION, stream_arn(cx, group, ""), group)?, &input.tags)])
    }

    async fn call(logs: &Logs, cx: &Context, input: Input) -> Result<Empty, Error> {
        add(logs, cx, input.log_group_name, input.tags).await
    }
}
