//! `DeleteLogGroup`: remove a group with all that is in it. Its events are unreachable at once and go later.

use crate::groups::{GroupInput, check, stream_arn};
use crate::tables::{DELETED, GROUPS, STREAMS};
use crate::{Error, Logs};
use tidegate_core::{Check, Context, Empty, Operation};

pub(crate) struct DeleteLogGroup;

impl Operation for DeleteLogGroup {
    type Service = Logs;
    type Input = GroupInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteLogGroup";
    const ACTION: &'static str = "logs:DeleteLogGroup";

    fn checks(logs: &Logs, cx: &Context, input: &GroupInput) -> Result<Vec<Check>, Error> {
        let group = &input.log_group_name;
        Ok(vec![check(logs, cx, Self::ACTION, stream_arn(cx, group, ""), group)?])
    }

    async fn call(logs: &Logs, cx: &Context, input: GroupInput) -> Result<Empty, Error> {
        // What is on its way into the group goes with it.
        logs.settle().await?;
        let key = (cx.account.clone(), cx.region.clone(), input.log_group_name);
        let store = &logs.store;
        store
            .write(move |tx| {
                let group = tx.take(&GROUPS, &key)?.ok_or(Error::NoSuchGroup)?;
                if group.deletion_protection {
                    return Err(Error::DeletionProtected);
                }
                for entry in tx.scan(&STREAMS, (&key.0, &key.1, key.2.as_str())) {
                    let (stream_key, stream) = entry?;
                    tx.put(&DELETED, (&key.0, &key.1, stream.id), &())?;
                    tx.delete(&STREAMS, &stream_key)?;
                }
                Ok(())
            })
            .await?;
        Ok(Empty {})
    }
}
