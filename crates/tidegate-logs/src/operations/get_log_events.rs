//! `GetLogEvents`: the events of one stream, forward or backward, page by page.

use crate::events::{Bound, Event, Position, StreamEvents, times};
use crate::groups::{check, group_of, load_group, load_stream, stream_arn};
use crate::limits::{EVENT_OVERHEAD_BYTES, PAGE_BYTES_MAX, PAGE_EVENTS_MAX};
use crate::{Error, Logs};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation, Token};
use tidegate_store as store;

pub(crate) struct GetLogEvents;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name: String,
    start_time: Option<u64>,
    end_time: Option<u64>,
    next_token: Option<String>,
    limit: Option<usize>,
    #[serde(default)]
    start_from_head: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Output {
    events: Vec<OutputEvent>,
    next_forward_token: String,
    next_backward_token: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OutputEvent {
    timestamp: u64,
    message: String,
    ingestion_time: u64,
}

impl Operation for GetLogEvents {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetLogEvents";
    const ACTION: &'static str = "logs:GetLogEvents";
    const NOT_HONORED: &'static [(&'static str, &'static str)] = &[("unmask", "nothing is masked")];

    fn checks(logs: &Logs, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let group = group_of(cx, &input.log_group_name, &input.log_group_identifier)?;
        Ok(vec![check(logs, cx, Self::ACTION, stream_arn(cx, &group, &input.log_stream_name), &group)?])
    }

    async fn call(logs: &Logs, cx: &Context, input: Input) -> Result<Output, Error> {
        let name = group_of(cx, &input.log_group_name, &input.log_group_identifier)?;
        let walk = Walk::of(&input)?;
        logs.settle().await?;
        let snapshot = logs.store.snapshot();
        let group = load_group(&snapshot, cx, &name)?;
        let stream = load_stream(&snapshot, cx, &name, &input.log_stream_name)?;
        let times = times(input.start_time, input.end_time, group.oldest_ms(cx.clock().now_ms()))?;
        let start = Position { time_ms: times.start, ..Position::default() };
        let place = (&cx.account, &cx.region, stream.id);
        let limit = input.limit.unwrap_or(PAGE_EVENTS_MAX);
        let events = match walk {
            Walk::Forward(from) => {
                let times = from.map_or(times.clone(), |from| times.start.max(from.time_ms())..times.end);
                let later = |event: &Event| from.is_none_or(|from| from.is_before(event.position));
                take(StreamEvents::forward(&snapshot, place, times), later, limit)?
            }
            Walk::Backward(to) => {
                let times = to.map_or(times.clone(), |to| times.start..times.end.min(to.time_ms().saturating_add(1)));
                let earlier = |event: &Event| to.is_none_or(|to| !to.is_before(event.position));
                let mut events = take(StreamEvents::backward(&snapshot, place, times), earlier, limit)?;
                events.reverse();
                events
            }
        };
        Ok(output(events, walk, start))
    }
}

/// Which way the request reads, and from which gap; with a gap, what its tokens say.
#[derive(Clone, Copy, Serialize, Deserialize)]
enum Walk {
    Forward(Option<Bound>),
    Backward(Option<Bound>),
}

impl Walk {
    fn of(input: &Input) -> Result<Walk, Error> {
        match &input.next_token {
            None if input.start_from_head => Ok(Walk::Forward(None)),
            None => Ok(Walk::Backward(None)),
            Some(token) => Ok(Token::decode(GetLogEvents::NAME, token)?),
        }
    }
}

fn take(
    events: impl Iterator<Item = Result<Event, store::Error>>,
    wanted: impl Fn(&Event) -> bool,
    limit: usize,
) -> Result<Vec<Event>, Error> {
    let mut taken = Vec::new();
    let mut size_bytes = 0;
    for event in events {
        let event = event?;
        if !wanted(&event) {
            continue;
        }
        size_bytes += event.message.len() + EVENT_OVERHEAD_BYTES;
        if taken.len() == limit || size_bytes > PAGE_BYTES_MAX && !taken.is_empty() {
            break;
        }
        taken.push(event);
    }
    Ok(taken)
}

/// The page with its tokens. At either end of the stream the token that came is given back, as on AWS.
fn output(events: Vec<Event>, walk: Walk, start: Position) -> Output {
    let (behind, before) = match (&events[..], walk) {
        ([first, .., last], _) => (Bound::Behind(last.position), Bound::Before(first.position)),
        ([only], _) => (Bound::Behind(only.position), Bound::Before(only.position)),
        ([], Walk::Forward(bound) | Walk::Backward(bound)) => {
            let here = bound.unwrap_or(Bound::Before(start));
            (here, here)
        }
    };
    let token = |walk: Walk| Token::encode(GetLogEvents::NAME, &walk);
    let event = |event: Event| OutputEvent {
        timestamp: event.position.time_ms,
        message: event.message,
        ingestion_time: event.ingestion_ms,
    };
    Output {
        events: events.into_iter().map(event).collect(),
        next_forward_token: token(Walk::Forward(Some(behind))),
        next_backward_token: token(Walk::Backward(Some(before))),
    }
}
