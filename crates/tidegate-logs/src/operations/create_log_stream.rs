//! `CreateLogStream`: make an empty stream in a group.

use crate::events::new_stream;
use crate::groups::{StreamInput, check, stream_arn};
use crate::tables::{GROUPS, STREAMS};
use crate::{Error, Logs};
use tidegate_core::{Check, Context, Empty, Operation};

pub(crate) struct CreateLogStream;

impl Operation for CreateLogStream {
    type Service = Logs;
    type Input = StreamInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "CreateLogStream";
    const ACTION: &'static str = "logs:CreateLogStream";

    fn checks(logs: &Logs, cx: &Context, input: &StreamInput) -> Result<Vec<Check>, Error> {
        let resource = stream_arn(cx, &input.log_group_name, &input.log_stream_name);
        Ok(vec![check(logs, cx, Self::ACTION, resource, &input.log_group_name)?])
    }

    async fn call(logs: &Logs, cx: &Context, input: StreamInput) -> Result<Empty, Error> {
        logs.settle().await?;
        let key = (cx.account.clone(), cx.region.clone(), input.log_group_name);
        let (name, now_ms) = (input.log_stream_name, cx.clock().now_ms());
        let store = &logs.store;
        store
            .write(move |tx| {
                if !tx.contains(&GROUPS, &key)? {
                    return Err(Error::NoSuchGroup);
                }
                let stream_key = (key.0.clone(), key.1.clone(), key.2.clone(), name);
                if tx.contains(&STREAMS, &stream_key)? {
                    return Err(Error::StreamExists);
                }
                let stream = new_stream(tx, &key, now_ms)?;
                Ok(tx.put(&STREAMS, &stream_key, &stream)?)
            })
            .await?;
        Ok(Empty {})
    }
}
