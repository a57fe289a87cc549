//! `DeleteRetentionPolicy`: a group's events are kept for ever.

use crate::groups::{GroupInput, check, stream_arn};
use crate::{Error, Logs};
use tidegate_core::{Check, Context, Empty, Operation};

pub(crate) struct DeleteRetentionPolicy;

impl Operation for DeleteRetentionPolicy {
    type Service = Logs;
    type Input = GroupInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteRetentionPolicy";
    const ACTION: &'static str = "logs:DeleteRetentionPolicy";

    fn checks(logs: &Logs, cx: &Context, input: &GroupInput) -> Result<Vec<Check>, Error> {
        let group = &input.log_group_name;
        Ok(vec![check(logs, cx, Self::ACTION, stream_arn(cx, group, ""), group)?])
    }

    async fn call(logs: &Logs, cx: &Context, input: GroupInput) -> Result<Empty, Error> {
        logs.change_group(cx, input.log_group_name, |group| {
            group.retention_days = None;
            Ok(())
        })
        .await
    }
}
