//! Reading the events of one stream in the order of their time, forward or backward. Rows may overlap, by at most
//! their span, so some are read ahead into a heap.

use super::{Position, Row};
use crate::limits::ROW_SPAN_MS_MAX;
use crate::tables::{ROWS, RowKey};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::iter::Peekable;
use std::ops::Range;
use tidegate_store::{Error, KeyRange, Scan, Snapshot};
use tidegate_types::{AccountId, Region};

/// An event as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub position: Position,
    pub ingestion_ms: u64,
    pub message: String,
}

/// The times that a request asks for, without those that the group no longer keeps.
pub(crate) fn times(start: Option<u64>, end: Option<u64>, oldest_ms: u64) -> Result<Range<u64>, crate::Error> {
    let (start, end) = (start.unwrap_or(0), end.unwrap_or(u64::MAX));
    if start > end { Err(crate::Error::TimeRange) } else { Ok(start.max(oldest_ms)..end) }
}

/// The events of a stream in a range of time.
pub(crate) struct StreamEvents {
    rows: Peekable<Scan<RowKey, Row>>,
    ahead: BinaryHeap<Ahead>,
    times: Range<u64>,
    forward: bool,
}

impl StreamEvents {
    /// The earliest first.
    pub fn forward(snapshot: &Snapshot, place: (&AccountId, &Region, u64), times: Range<u64>) -> StreamEvents {
        StreamEvents::new(snapshot.range(&ROWS, range(place, &times)), times, true)
    }

    /// The latest first.
    pub fn backward(snapshot: &Snapshot, place: (&AccountId, &Region, u64), times: Range<u64>) -> StreamEvents {
        StreamEvents::new(snapshot.range_rev(&ROWS, range(place, &times)), times, false)
    }

    fn new(rows: Scan<RowKey, Row>, times: Range<u64>, forward: bool) -> StreamEvents {
        StreamEvents { rows: rows.peekable(), ahead: BinaryHeap::new(), times, forward }
    }

    /// Whether the next row may hold an event that comes before those read ahead.
    fn needs_row(&mut self) -> Result<bool, Error> {
        let Some(row) = self.rows.peek() else { return Ok(false) };
        let row_ms = row.as_ref().map_err(Clone::clone)?.0.3;
        Ok(self.ahead.peek().is_none_or(|Ahead { event, .. }| match self.forward {
            true => row_ms <= event.position.time_ms,
            false => row_ms.saturating_add(ROW_SPAN_MS_MAX) >= event.position.time_ms,
        }))
    }

    fn read_row(&mut self) -> Result<(), Error> {
        let Some(row) = self.rows.next() else { return Ok(()) };
        let ((_, _, stream, _, number), row) = row?;
        let events = row.events.into_iter().zip(0..).filter(|(event, _)| self.times.contains(&event.timestamp_ms));
        self.ahead.extend(events.map(|(event, index)| Ahead {
            event: Event {
                position: Position { time_ms: event.timestamp_ms, stream, row: number, index },
                ingestion_ms: row.ingestion_ms,
                message: event.message,
            },
            forward: self.forward,
        }));
        Ok(())
    }
}

impl Iterator for StreamEvents {
    type Item = Result<Event, Error>;

    fn next(&mut self) -> Option<Result<Event, Error>> {
        loop {
            match self.needs_row() {
                Ok(false) => return self.ahead.pop().map(|ahead| Ok(ahead.event)),
                Ok(true) => {
                    if let Err(e) = self.read_row() {
                        return Some(Err(e));
                    }
                }
                Err(e) => {
                    // The broken row is taken off, so that the next call does not meet it again.
                    self.rows.next();
                    return Some(Err(e));
                }
            }
        }
    }
}

fn range(place: (&AccountId, &Region, u64), times: &Range<u64>) -> KeyRange<RowKey> {
    let (account, region, stream) = place;
    let start = times.start.saturating_sub(ROW_SPAN_MS_MAX);
    let range = ROWS.prefix((account, region, stream)).at_least((account, region, stream, start, 0));
    range.below((account, region, stream, times.end, 0))
}

/// An event in the heap, whose top is the next one of the direction.
struct Ahead {
    event: Event,
    forward: bool,
}

impl Ord for Ahead {
    fn cmp(&self, other: &Ahead) -> Ordering {
        let order = self.event.position.cmp(&other.event.position);
        if self.forward { order.reverse() } else { order }
    }
}

impl PartialOrd for Ahead {
    fn partial_cmp(&self, other: &Ahead) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ahead {
    fn eq(&self, other: &Ahead) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ahead {}
