//! `FilterLogEvents`: the events of a group's streams as one sequence, those that a filter pattern lets through.
//! `aws logs tail --follow` calls it again and again from the time of the last event that it has seen.

use crate::events::{Event, Merge, Position, times};
use crate::groups::{check, group_of, load_group, stream_arn};
use crate::limits::{EVENT_OVERHEAD_BYTES, PAGE_BYTES_MAX, PAGE_EVENTS_MAX, PAGE_SCAN_EVENTS_MAX};
use crate::pattern::Pattern;
use crate::tables::STREAMS;
use crate::{Error, Logs};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::ops::Range;
use tidegate_core::{Check, Context, Operation, Token};
use tidegate_store::{self as store, Snapshot, StartsWith};

pub(crate) struct FilterLogEvents;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_names: Option<Vec<String>>,
    log_stream_name_prefix: Option<String>,
    start_time: Option<u64>,
    end_time: Option<u64>,
    #[serde(default)]
    filter_pattern: String,
    next_token: Option<String>,
    limit: Option<usize>,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Output {
    events: Vec<OutputEvent>,
    /// AWS has left it empty since 2020.
    searched_log_streams: [(); 0],
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OutputEvent {
    log_stream_name: String,
    timestamp: u64,
    message: String,
    ingestion_time: u64,
    event_id: String,
}

impl Operation for FilterLogEvents {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "FilterLogEvents";
    const ACTION: &'static str = "logs:FilterLogEvents";
    const NOT_HONORED: &'static [(&'static str, &'static str)] =
        &[("interleaved", "AWS ignores it, too: events are always interleaved"), ("unmask", "nothing is masked")];

    fn checks(logs: &Logs, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let group = group_of(cx, &input.log_group_name, &input.log_group_identifier)?;
        Ok(vec![check(logs, cx, Self::ACTION, stream_arn(cx, &group, ""), &group)?])
    }

    async fn call(logs: &Logs, cx: &Context, input: Input) -> Result<Output, Error> {
        let name = group_of(cx, &input.log_group_name, &input.log_group_identifier)?;
        if input.log_stream_names.is_some() && input.log_stream_name_prefix.is_some() {
            return Err(Error::NamesAndPrefix);
        }
        let pattern = Pattern::parse(&input.filter_pattern)?;
        let from = input.next_token.as_deref().map(|token| Token::decode(Self::NAME, token)).transpose()?;
        logs.settle().await?;
        let (snapshot, cx) = (logs.store.snapshot(), cx.clone());
        // A search may look at many events; it must not hold up other requests.
        let found = tokio::task::spawn_blocking(move || search(&snapshot, &cx, &name, &input, pattern, from)).await;
        found.unwrap_or_else(|e| Err(store::Error::Panicked { message: e.to_string() }.into()))
    }
}

fn search(
    snapshot: &Snapshot,
    cx: &Context,
    name: &str,
    input: &Input,
    pattern: Pattern,
    from: Option<Position>,
) -> Result<Output, Error> {
    let group = load_group(snapshot, cx, name)?;
    let oldest_ms = group.oldest_ms(cx.clock().now_ms());
    let mut times = times(input.start_time, input.end_time, oldest_ms)?;
    // Other than in GetLogEvents, the end belongs to the range.
    times.end = times.end.saturating_add(1);
    times.start = times.start.max(from.map_or(0, |from| from.time_ms));
    let streams = Streams::find(snapshot, cx, name, input, &times)?;
    let events = Merge::new(snapshot, (&cx.account, &cx.region), streams.first_events, times);
    let limit = input.limit.unwrap_or(PAGE_EVENTS_MAX);
    Page { pattern, names: streams.names, limit, from }.fill(events)
}

/// The streams to read: their names by number, and the times of their first events.
#[derive(Default)]
struct Streams {
    names: HashMap<u64, String>,
    first_events: Vec<(u64, u64)>,
}

impl Streams {
    fn find(
        snapshot: &Snapshot,
        cx: &Context,
        group: &str,
        input: &Input,
        times: &Range<u64>,
    ) -> Result<Streams, Error> {
        let prefix = input.log_stream_name_prefix.as_deref().unwrap_or_default();
        let mut streams = Streams::default();
        for entry in snapshot.scan(&STREAMS, (&cx.account, &cx.region, group, StartsWith(prefix))) {
            let ((_, _, _, name), stream) = entry?;
            let named = input.log_stream_names.as_ref().is_none_or(|names| names.contains(&name));
            let (Some(first), Some(last)) = (stream.first_event_ms, stream.last_event_ms) else { continue };
            if named && first < times.end && last >= times.start {
                streams.names.insert(stream.id, name);
                streams.first_events.push((first, stream.id));
            }
        }
        Ok(streams)
    }
}

/// What goes into one answer.
struct Page {
    pattern: Pattern,
    names: HashMap<u64, String>,
    limit: usize,
    /// The last event of the page before.
    from: Option<Position>,
}

impl Page {
    fn fill(self, events: Merge<'_>) -> Result<Output, Error> {
        let mut output = Output::default();
        let (mut scanned, mut size_bytes, mut last) = (0, 0, self.from);
        for event in events {
            let event = event?;
            if self.from.is_some_and(|from| event.position <= from) {
                continue;
            }
            scanned += 1;
            let matches = self.pattern.matches(&event.message);
            size_bytes += if matches { event.message.len() + EVENT_OVERHEAD_BYTES } else { 0 };
            let too_large = size_bytes > PAGE_BYTES_MAX && !output.events.is_empty();
            if output.events.len() == self.limit || too_large || scanned > PAGE_SCAN_EVENTS_MAX {
                output.next_token = last.map(|last| Token::encode(FilterLogEvents::NAME, &last));
                break;
            }
            last = Some(event.position);
            if matches {
                output.events.push(self.event(event));
            }
        }
        Ok(output)
    }

    fn event(&self, event: Event) -> OutputEvent {
        OutputEvent {
            log_stream_name: self.names.get(&event.position.stream).cloned().unwrap_or_default(),
            timestamp: event.position.time_ms,
            message: event.message,
            ingestion_time: event.ingestion_ms,
            event_id: event.position.digits(),
        }
    }
}
