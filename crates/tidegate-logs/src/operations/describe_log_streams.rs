//! `DescribeLogStreams`: the streams of a group by name or by the time of their last event, page by page.

use crate::groups::{check, group_of, load_group, stream_arn};
use crate::limits::DESCRIBE_MAX;
use crate::tables::{STREAMS, Stream};
use crate::{Error, Logs};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};
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
        let streams = sorted(&snapshot, cx, &group, &input)?;
        let start = match &input.next_token {
            Some(token) => start_of_page(&streams, &input, token)?,
            None => 0,
        };
        let limit = input.limit.unwrap_or(DESCRIBE_MAX);
        let end = streams.len().min(start + limit);
        let next_token = (end < streams.len()).then(|| token(&streams[end - 1]));
        let log_streams = streams[start..end].iter().map(|(name, stream)| entry(cx, &group, name, stream)).collect();
        Ok(Output { log_streams, next_token })
    }
}

type Named = (String, Stream);

/// The group's streams in the order that the request wants.
fn sorted(snapshot: &Snapshot, cx: &Context, group: &str, input: &Input) -> Result<Vec<Named>, Error> {
    let prefix = input.log_stream_name_prefix.as_deref().unwrap_or_default();
    let mut streams = Vec::new();
    for entry in snapshot.scan(&STREAMS, (&cx.account, &cx.region, group, StartsWith(prefix))) {
        let ((_, _, _, name), stream) = entry?;
        streams.push((name, stream));
    }
    if input.order_by == OrderBy::LastEventTime {
        streams.sort_by_key(|(_, stream)| last_event(stream));
    }
    if input.descending {
        streams.reverse();
    }
    Ok(streams)
}

fn last_event(stream: &Stream) -> u64 {
    stream.last_event_ms.unwrap_or(0)
}

/// The last stream of a page, as time and name.
fn token((name, stream): &Named) -> String {
    format!("{}@{name}", last_event(stream))
}

/// Where the page behind that stream starts. The stream may have moved or gone since; then its place counts.
fn start_of_page(streams: &[Named], input: &Input, token: &str) -> Result<usize, Error> {
    let (time, name) = token.split_once('@').ok_or(Error::InvalidToken)?;
    let time: u64 = time.parse().map_err(|_| Error::InvalidToken)?;
    let by_time = input.order_by == OrderBy::LastEventTime;
    let place = |t: u64, n: &str| if by_time { (t, n.to_owned()) } else { (0, n.to_owned()) };
    let last = place(time, name);
    Ok(streams.partition_point(|(name, stream)| {
        let here = place(last_event(stream), name);
        if input.descending { here >= last } else { here <= last }
    }))
}

fn entry(cx: &Context, group: &str, name: &str, stream: &Stream) -> Entry {
    Entry {
        log_stream_name: name.to_owned(),
        creation_time: stream.created_ms,
        first_event_timestamp: stream.first_event_ms,
        last_event_timestamp: stream.last_event_ms,
        last_ingestion_time: stream.last_ingestion_ms,
        upload_sequence_token: super::put_log_events::sequence_token(stream.next_row),
        arn: stream_arn(cx, group, name),
        stored_bytes: 0,
    }
}
