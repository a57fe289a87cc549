//! `DeleteLogStream`: remove a stream with its events.

use crate::groups::{StreamInput, check, stream_arn};
use crate::tables::{DELETED, GROUPS, STREAMS};
use crate::{Error, Logs};
use tidegate_core::{Check, Context, Empty, Operation};

pub(crate) struct DeleteLogStream;

impl Operation for DeleteLogStream {
    type Service = Logs;
    type Input = StreamInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteLogStream";
    const ACTION: &'static str = "logs:DeleteLogStream";

    fn checks(logs: &Logs, cx: &Context, input: &StreamInput) -> Result<Vec<Check>, Error> {
        let resource = stream_arn(cx, &input.log_group_name, &input.log_stream_name);
        Ok(vec![check(logs, cx, Self::ACTION, resource, &input.log_group_name)?])
    }

    async fn call(logs: &Logs, cx: &Context, input: StreamInput) -> Result<Empty, Error> {
        logs.settle().await?;
        let group = (cx.account.clone(), cx.region.clone(), input.log_group_name.clone());
        let key = (cx.account.clone(), cx.region.clone(), input.log_group_name, input.log_stream_name);
        let store = &logs.store;
        store
            .write(move |tx| {
                if !tx.contains(&GROUPS, &group)? {
                    return Err(Error::NoSuchGroup);
                }
                let stream = tx.take(&STREAMS, &key)?.ok_or(Error::NoSuchStream)?;
                Ok(tx.put(&DELETED, (&key.0, &key.1, stream.id), &())?)
            })
            .await?;
        Ok(Empty {})
    }
}
