//! `PutLogEvents`: add a batch of events to a stream.

use crate::groups::{check, load_group, stream_arn};
use crate::limits::{
    BATCH_BYTES_MAX, BATCH_SPAN_MS_MAX, EVENT_AGE_MS_MAX, EVENT_AHEAD_MS_MAX, EVENT_BYTES_MAX, EVENT_OVERHEAD_BYTES,
};
use crate::tables::{GROUPS, Group, STREAMS};
use crate::{Error, Logs, events};
use serde::{Deserialize, Serialize};
use tidegate_core::ports::LogEvent;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct PutLogEvents;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    log_group_name: String,
    log_stream_name: String,
    log_events: Vec<InputEvent>,
}

#[derive(Deserialize)]
struct InputEvent {
    timestamp: u64,
    message: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Output {
    next_sequence_token: String,
    rejected_log_events_info: Option<Rejected>,
}

/// Which events were not taken: those from an index on, those up to and without an index.
#[derive(Serialize, Default, PartialEq, Eq, Debug)]
#[serde(rename_all = "camelCase")]
struct Rejected {
    too_new_log_event_start_index: Option<usize>,
    too_old_log_event_end_index: Option<usize>,
    expired_log_event_end_index: Option<usize>,
}

impl Operation for PutLogEvents {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "PutLogEvents";
    const ACTION: &'static str = "logs:PutLogEvents";
    const NOT_HONORED: &'static [(&'static str, &'static str)] =
        &[("sequenceToken", "AWS ignores it, too"), ("entity", "entities are only shown in CloudWatch's console")];

    fn checks(logs: &Logs, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let resource = stream_arn(cx, &input.log_group_name, &input.log_stream_name);
        Ok(vec![check(logs, cx, Self::ACTION, resource, &input.log_group_name)?])
    }

    async fn call(logs: &Logs, cx: &Context, input: Input) -> Result<Output, Error> {
        check_batch(&input.log_events)?;
        logs.settle().await?;
        let now_ms = cx.clock().now_ms();
        let group = load_group(&logs.store.snapshot(), cx, &input.log_group_name)?;
        let (events, rejected) = part(input.log_events, &group, now_ms);
        let key = (cx.account.clone(), cx.region.clone(), input.log_group_name);
        let name = input.log_stream_name;
        let store = &logs.store;
        let rows = store
            .write(move |tx| {
                let group = tx.get(&GROUPS, &key)?.ok_or(Error::NoSuchGroup)?;
                let stream_key = (&key.0, &key.1, key.2.as_str(), name.as_str());
                let stream = tx.get(&STREAMS, stream_key)?.ok_or(Error::NoSuchStream)?;
                if !events.is_empty() {
                    events::append(tx, &key, group, &name, events, now_ms)?;
                }
                Ok::<_, Error>(stream.next_row + 1)
            })
            .await?;
        let rejected_log_events_info = Some(rejected).filter(|rejected| *rejected != Rejected::default());
        Ok(Output { next_sequence_token: events::sequence_token(rows), rejected_log_events_info })
    }
}

fn check_batch(events: &[InputEvent]) -> Result<(), Error> {
    let sizes = events.iter().map(|event| event.message.len() + EVENT_OVERHEAD_BYTES);
    if let Some(size_bytes) = sizes.clone().find(|size| *size > EVENT_BYTES_MAX) {
        return Err(Error::EventTooLarge { size_bytes, size_bytes_max: EVENT_BYTES_MAX });
    }
    let size_bytes = sizes.sum();
    if size_bytes > BATCH_BYTES_MAX {
        return Err(Error::BatchTooLarge { size_bytes, size_bytes_max: BATCH_BYTES_MAX });
    }
    if !events.is_sorted_by_key(|event| event.timestamp) {
        return Err(Error::Unordered);
    }
    match events {
        [first, .., last] if last.timestamp - first.timestamp > BATCH_SPAN_MS_MAX => Err(Error::SpanTooLong),
        _ => Ok(()),
    }
}

/// The events that are taken, and which are not.
fn part(events: Vec<InputEvent>, group: &Group, now_ms: u64) -> (Vec<LogEvent>, Rejected) {
    let before = |time_ms: u64| events.partition_point(|event| event.timestamp < time_ms);
    let too_old = before(now_ms.saturating_sub(EVENT_AGE_MS_MAX));
    let expired = before(group.oldest_ms(now_ms));
    let too_new = before(now_ms + EVENT_AHEAD_MS_MAX + 1);
    let rejected = Rejected {
        too_new_log_event_start_index: Some(too_new).filter(|n| *n < events.len()),
        too_old_log_event_end_index: Some(too_old).filter(|n| *n > 0),
        expired_log_event_end_index: Some(expired).filter(|n| *n > too_old),
    };
    let start = too_old.max(expired);
    let taken = events.into_iter().take(too_new).skip(start);
    let taken = taken.map(|event| LogEvent { timestamp_ms: event.timestamp, message: event.message });
    (taken.collect(), rejected)
}
