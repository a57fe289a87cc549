//! `ListTagsLogGroup`: the older form of `ListTagsForResource`, by name.

use super::list_tags_for_resource::Output;
use crate::groups::{GroupInput, check, load_group, stream_arn};
use crate::{Error, Logs};
use tidegate_core::{Check, Context, Operation};

pub(crate) struct ListTagsLogGroup;

impl Operation for ListTagsLogGroup {
    type Service = Logs;
    type Input = GroupInput;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListTagsLogGroup";
    const ACTION: &'static str = "logs:ListTagsLogGroup";

    fn checks(logs: &Logs, cx: &Context, input: &GroupInput) -> Result<Vec<Check>, Error> {
        let group = &input.log_group_name;
        Ok(vec![check(logs, cx, Self::ACTION, stream_arn(cx, group, ""), group)?])
    }

    async fn call(logs: &Logs, cx: &Context, input: GroupInput) -> Result<Output, Error> {
        logs.settle().await?;
        Ok(Output { tags: load_group(&logs.store.snapshot(), cx, &input.log_group_name)?.tags })
    }
}
