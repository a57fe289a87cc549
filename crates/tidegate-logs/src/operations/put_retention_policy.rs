//! `PutRetentionPolicy`: say for how many days a group keeps its events.

use crate::error::RETENTION_DAYS;
use crate::groups::{check, stream_arn};
use crate::{Error, Logs};
use serde::Deserialize;
use tidegate_core::{Check, Context, Empty, Operation};

pub(crate) struct PutRetentionPolicy;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    log_group_name: String,
    retention_in_days: i64,
}

impl Operation for PutRetentionPolicy {
    type Service = Logs;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "PutRetentionPolicy";
    const ACTION: &'static str = "logs:PutRetentionPolicy";

    fn checks(logs: &Logs, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let group = &input.log_group_name;
        Ok(vec![check(logs, cx, Self::ACTION, stream_arn(cx, group, ""), group)?])
    }

    async fn call(logs: &Logs, cx: &Context, input: Input) -> Result<Empty, Error> {
        let offered = RETENTION_DAYS.into_iter().find(|days| i64::from(*days) == input.retention_in_days);
        let days = offered.ok_or(Error::Retention(input.retention_in_days))?;
        logs.change_group(cx, input.log_group_name, move |group| {
            group.retention_days = Some(days);
            Ok(())
        })
        .await
    }
}
