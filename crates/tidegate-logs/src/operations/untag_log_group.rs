//! `UntagLogGroup`: the older form of `UntagResource`, by name.

use crate::groups::{check, stream_arn};
use crate::tags::remove;
use crate::{Error, Logs};
use serde::Deserialize;
use tidegate_core::{Check, Context, Empty, Operation};

pub(crate) struct UntagLogGroup;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    log_group_name: String,
    tags: Vec<String>,
}

impl Operation for UntagLogGroup {
    type Service = Logs;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "UntagLogGroup";
    const ACTION: &'static str = "logs:UntagLogGroup";

    fn checks(logs: &Logs, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let group = &input.log_group_name;
        let check = check(logs, cx, Self::ACTION, stream_arn(cx, group, ""), group)?;
        Ok(vec![input.tags.iter().fold(check, |check, key| check.with("aws:TagKeys", key))])
    }

    async fn call(logs: &Logs, cx: &Context, input: Input) -> Result<Empty, Error> {
        remove(logs, cx, input.log_group_name, input.tags).await
    }
}
