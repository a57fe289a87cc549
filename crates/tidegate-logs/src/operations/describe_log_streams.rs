//! `DescribeLogStreams`: the streams of a group by name or by the time of their last event, page by page.

use crate::groups::{check, group_of, load_group, stream_arn};
use crate::limits::DESCRIBE_MAX;
use crate::tables::{STREAMS, Stream};
use crate::{Error, Logs, events};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::cmp::Reverse;
use tidegate_core::{Check, Context, Operation, Page};
use tidegate_store::{Snapshot, StartsWith};

pub(crate) struct DescribeLogStreams;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name_prefix: Option<String>,
    #[serde(default)]
    order_by: OrderBy,
    #[serde(default)]
    descending: bool,
    next_token: Option<String>,
    limit: Option<usize>,
}

#[derive(Deserialize, Default, PartialEq, Eq, Clone, Copy)]
enum OrderBy {
    #[default]
    LogStreamName,
    LastEventTime,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Output {
    log_streams: Vec<Entry>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    log_stream_name: String,
    creation_time: u64,
    first_event_timestamp: Option<u64>,
    last_event_timestamp: Option<u64>,
    last_ingestion_time: Option<u64>,
    upload_sequence_token: String,
    arn: String,
    /// AWS has reported 0 since 2019.
    stored_bytes: u64,
}

impl Operation for DescribeLogStreams {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "DescribeLogStreams";
    const ACTION: &'static str = "logs:DescribeLogStreams";

    fn checks(logs: &Logs, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let group = group_of(cx, &input.log_group_name, &input.log_group_identifier)?;
        Ok(vec![check(logs, cx, Self::ACTION, stream_arn(cx, &group, ""), &group)?])
    }

    async fn call(logs: &Logs, cx: &Context, input: Input) -> Result<Output, Error> {
        let group = group_of(cx, &input.log_group_name, &input.log_group_identifier)?;
        if input.order_by == OrderBy::LastEventTime && input.log_stream_name_prefix.is_some() {
            return Err(Error::OrderWithPrefix);
        }
        logs.settle().await?;
        let snapshot = logs.store.snapshot();
        load_group(&snapshot, cx, &group)?;
        let mut streams = streams(&snapshot, cx, &group, &input)?;
        streams.sort_by(|a, b| a.0.cmp(&b.0));
        let page = if input.descending {
            page(&input, streams.into_iter().rev().map(|(place, stream)| (Reverse(place), stream)))?
        } else {
            page(&input, streams)?
        };
        let log_streams = page.items.iter().map(|(name, stream)| entry(cx, &group, name, stream)).collect();
        Ok(Output { log_streams, next_token: page.next })
    }
}

/// A stream and its name, behind what the request orders by. A page goes on behind the place of its last stream, even
/// if that stream has moved or gone since.
type Placed = ((u64, String), (String, Stream));

/// The group's streams, each with its place.
fn streams(snapshot: &Snapshot, cx: &Context, group: &str, input: &Input) -> Result<Vec<Placed>, Error> {
    let prefix = input.log_stream_name_prefix.as_deref().unwrap_or_default();
    let by_time = input.order_by == OrderBy::LastEventTime;
    let placed = |(name, stream): (String, Stream)| {
        let time = if by_time { stream.last_event_ms.unwrap_or(0) } else { 0 };
        ((time, name.clone()), (name, stream))
    };
    let entries = snapshot.scan(&STREAMS, (&cx.account, &cx.region, group, StartsWith(prefix)));
    entries.map(|entry| entry.map(|((_, _, _, name), stream)| placed((name, stream))).map_err(Error::from)).collect()
}

fn page<K>(
    input: &Input,
    streams: impl IntoIterator<Item = (K, (String, Stream))>,
) -> Result<Page<(String, Stream)>, Error>
where
    K: Ord + Serialize + DeserializeOwned,
{
    let limit = input.limit.unwrap_or(DESCRIBE_MAX);
    Page::cut(DescribeLogStreams::NAME, input.next_token.as_deref(), limit, streams.into_iter().map(Ok))
}

fn entry(cx: &Context, group: &str, name: &str, stream: &Stream) -> Entry {
    Entry {
        log_stream_name: name.to_owned(),
        creation_time: stream.created_ms,
        first_event_timestamp: stream.first_event_ms,
        last_event_timestamp: stream.last_event_ms,
        last_ingestion_time: stream.last_ingestion_ms,
        upload_sequence_token: events::sequence_token(stream.next_row),
        arn: stream_arn(cx, group, name),
        stored_bytes: 0,
    }
}
