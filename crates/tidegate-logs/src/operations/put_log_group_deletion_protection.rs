//! `PutLogGroupDeletionProtection`: say whether a group may be deleted.

use crate::groups::{check, group_of_identifier, stream_arn};
use crate::{Error, Logs};
use serde::Deserialize;
use tidegate_core::{Check, Context, Empty, Operation};

pub(crate) struct PutLogGroupDeletionProtection;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    log_group_identifier: String,
    deletion_protection_enabled: bool,
}

impl Operation for PutLogGroupDeletionProtection {
    type Service = Logs;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "PutLogGroupDeletionProtection";
    const ACTION: &'static str = "logs:PutLogGroupDeletionProtection";

    fn checks(logs: &Logs, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let group = group_of_identifier(cx, &input.log_group_identifier)?;
        Ok(vec![check(logs, cx, Self::ACTION, stream_arn(cx, &group, ""), &group)?])
    }

    async fn call(logs: &Logs, cx: &Context, input: Input) -> Result<Empty, Error> {
        let group = group_of_identifier(cx, &input.log_group_identifier)?;
        logs.change_group(cx, group, move |group| {
            group.deletion_protection = input.deletion_protection_enabled;
            Ok(())
        })
        .await
    }
}
