//! Rows: some events of one stream, stored together. A row is small in bytes and short in time, so that reading needs
//! to look at few rows to know which event comes next.

use crate::limits::{EVENT_OVERHEAD_BYTES, EXPIRE_ROWS_MAX, ROW_BYTES_MAX, ROW_SPAN_MS_MAX};
use crate::tables::{GROUPS, Group, GroupKey, NEXT_STREAM, ROWS, STREAMS, Stream};
use tidegate_core::ports::LogEvent;
use tidegate_store::{Error, Transaction, Value};
use tidegate_types::{AccountId, Region};

/// Events of one stream that came in together, in the order of their time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub ingestion_ms: u64,
    pub events: Vec<LogEvent>,
}

/// What an event counts for, as AWS counts it.
pub(crate) fn stored_bytes(message: &str) -> usize {
    message.len() + EVENT_OVERHEAD_BYTES
}

impl Value for Row {
    fn to_bytes(&self) -> Result<Vec<u8>, String> {
        let size = self.events.iter().map(|e| e.message.len() + 12).sum::<usize>() + 8;
        let mut out = Vec::with_capacity(size);
        out.extend(self.ingestion_ms.to_le_bytes());
        for event in &self.events {
            let length = u32::try_from(event.message.len()).map_err(|e| e.to_string())?;
            out.extend(event.timestamp_ms.to_le_bytes());
            out.extend(length.to_le_bytes());
            out.extend(event.message.as_bytes());
        }
        Ok(out)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Row, String> {
        let mut rest = bytes;
        let ingestion_ms = u64::from_le_bytes(take(&mut rest)?);
        let mut events = Vec::new();
        while !rest.is_empty() {
            let timestamp_ms = u64::from_le_bytes(take(&mut rest)?);
            let length = u32::from_le_bytes(take(&mut rest)?) as usize;
            let (message, after) = rest.split_at_checked(length).ok_or("a row of events ends early")?;
            rest = after;
            let message = String::from_utf8(message.to_vec()).map_err(|e| e.to_string())?;
            events.push(LogEvent { timestamp_ms, message });
        }
        Ok(Row { ingestion_ms, events })
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], String> {
    let (head, tail) = rest.split_first_chunk::<N>().ok_or("a row of events ends early")?;
    *rest = tail;
    Ok(*head)
}

/// A stream that is not stored yet.
pub(crate) fn new_stream(tx: &mut Transaction, key: &GroupKey, now_ms: u64) -> Result<Stream, Error> {
    let counter = (&key.0, &key.1);
    let id = tx.get(&NEXT_STREAM, counter)?.unwrap_or(1);
    tx.put(&NEXT_STREAM, counter, &(id + 1))?;
    Ok(Stream {
        id,
        created_ms: now_ms,
        first_event_ms: None,
        last_event_ms: None,
        last_ingestion_ms: None,
        next_row: 0,
    })
}

/// Adds events, which are in the order of their time, to a stream, which is made if it is not there; stores the group.
pub(crate) fn append(
    tx: &mut Transaction,
    key: &GroupKey,
    mut group: Group,
    stream_name: &str,
    events: Vec<LogEvent>,
    now_ms: u64,
) -> Result<(), Error> {
    let stream_key = (&key.0, &key.1, key.2.as_str(), stream_name);
    let mut stream = match tx.get(&STREAMS, stream_key)? {
        Some(stream) => stream,
        None => new_stream(tx, key, now_ms)?,
    };
    group.stored_bytes += events.iter().map(|e| stored_bytes(&e.message) as u64).sum::<u64>();
    if let (Some(first), Some(last)) = (events.first(), events.last()) {
        let (first, last) = (first.timestamp_ms, last.timestamp_ms);
        stream.first_event_ms = Some(stream.first_event_ms.map_or(first, |t| t.min(first)));
        stream.last_event_ms = Some(stream.last_event_ms.map_or(last, |t| t.max(last)));
        stream.last_ingestion_ms = Some(now_ms);
    }
    for row in rows(events, now_ms) {
        let row_key = (&key.0, &key.1, stream.id, row.events[0].timestamp_ms, stream.next_row);
        tx.put(&ROWS, row_key, &row)?;
        stream.next_row += 1;
    }
    tx.put(&STREAMS, stream_key, &stream)?;
    tx.put(&GROUPS, key, &group)?;
    Ok(())
}

/// Parts the events so that no row is too large or too long; none is empty.
fn rows(events: Vec<LogEvent>, ingestion_ms: u64) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut size_bytes = 0;
    for event in events {
        let size = stored_bytes(&event.message);
        let fits = |row: &&mut Row| {
            size_bytes + size <= ROW_BYTES_MAX && event.timestamp_ms - row.events[0].timestamp_ms <= ROW_SPAN_MS_MAX
        };
        match rows.last_mut().filter(fits) {
            Some(row) => {
                row.events.push(event);
                size_bytes += size;
            }
            None => {
                rows.push(Row { ingestion_ms, events: vec![event] });
                size_bytes = size;
            }
        }
    }
    rows
}

/// Removes rows of a stream that are over before this time, a bounded number of them. Gives the bytes removed, and
/// whether there is more to remove.
pub(crate) fn remove_before(
    tx: &mut Transaction,
    place: (&AccountId, &Region, u64),
    before_ms: u64,
) -> Result<(u64, bool), Error> {
    let (account, region, stream) = place;
    let end = before_ms.saturating_sub(ROW_SPAN_MS_MAX);
    let range = ROWS.prefix((account, region, stream)).below((account, region, stream, end, 0));
    let mut found = Vec::new();
    for entry in tx.range(&ROWS, range).take(EXPIRE_ROWS_MAX) {
        found.push(entry?);
    }
    let more = found.len() == EXPIRE_ROWS_MAX;
    let mut removed = 0;
    for (key, row) in found {
        removed += row.events.iter().map(|e| stored_bytes(&e.message) as u64).sum::<u64>();
        tx.delete(&ROWS, &key)?;
    }
    Ok((removed, more))
}

/// A token in the shape of AWS' own; nobody needs it any more.
pub(crate) fn sequence_token(rows: u64) -> String {
    format!("49{rows:054}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event(timestamp_ms: u64, message: &str) -> LogEvent {
        LogEvent { timestamp_ms, message: message.into() }
    }

    #[test]
    fn parts_by_time_and_size() {
        let long = "x".repeat(40_000);
        let events = vec![event(0, "a"), event(1000, "b"), event(1001, "c"), event(1001, &long), event(1001, &long)];
        let counts: Vec<usize> = rows(events, 5).iter().map(|row| row.events.len()).collect();
        assert_eq!(counts, [2, 2, 1]);
        assert!(rows(Vec::new(), 5).is_empty());
    }

    proptest! {
        #[test]
        fn reads_what_it_wrote(events in prop::collection::vec((any::<u64>(), ".{0,20}"), 0..20), at in any::<u64>()) {
            let events = events.into_iter().map(|(t, m)| event(t, &m)).collect();
            let row = Row { ingestion_ms: at, events };
            prop_assert_eq!(Row::from_bytes(&row.to_bytes().expect("short messages")), Ok(row));
        }

        #[test]
        fn survives_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _ = Row::from_bytes(&bytes);
        }
    }
}
