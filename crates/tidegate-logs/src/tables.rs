//! What is stored: groups, streams, rows of events, and what waits to be removed.
//!
//! Rows are keyed by a stream's number and not by its name: the keys stay short, and a group or stream is deleted by
//! taking its entry away and leaving its rows to the expiry task.

use serde::{Deserialize, Serialize};
use tidegate_store::Table;
use tidegate_types::{AccountId, Region, Tags};

/// Account, region, group.
pub(crate) type GroupKey = (AccountId, Region, String);
/// Account, region, group, stream.
pub(crate) type StreamKey = (AccountId, Region, String, String);
/// Account, region, the stream's number, time of the first event, the row's number in its stream.
pub(crate) type RowKey = (AccountId, Region, u64, u64, u64);

pub(crate) const GROUPS: Table<GroupKey, Group> = Table::new("logs.groups");
pub(crate) const STREAMS: Table<StreamKey, Stream> = Table::new("logs.streams");
pub(crate) const ROWS: Table<RowKey, crate::events::Row> = Table::new("logs.rows");
/// Streams that were deleted and whose rows are still there.
pub(crate) const DELETED: Table<(AccountId, Region, u64), ()> = Table::new("logs.deleted");
/// The number that the next stream gets.
pub(crate) const NEXT_STREAM: Table<(AccountId, Region), u64> = Table::new("logs.next-stream");

/// A log group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Group {
    pub created_ms: u64,
    pub retention_days: Option<u32>,
    /// `STANDARD` or `INFREQUENT_ACCESS`.
    pub class: String,
    pub tags: Tags,
    pub stored_bytes: u64,
    pub deletion_protection: bool,
}

impl Group {
    pub fn new(now_ms: u64) -> Group {
        Group {
            created_ms: now_ms,
            retention_days: None,
            class: "STANDARD".into(),
            tags: Tags::new(),
            stored_bytes: 0,
            deletion_protection: false,
        }
    }

    /// Events before this time are over.
    pub fn oldest_ms(&self, now_ms: u64) -> u64 {
        self.retention_days.map_or(0, |days| now_ms.saturating_sub(u64::from(days) * 86_400_000))
    }
}

/// A log stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stream {
    pub id: u64,
    pub created_ms: u64,
    pub first_event_ms: Option<u64>,
    pub last_event_ms: Option<u64>,
    pub last_ingestion_ms: Option<u64>,
    pub next_row: u64,
}
