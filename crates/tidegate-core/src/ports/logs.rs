//! Writing log events: what functions and gateways need of CloudWatch Logs.

use tidegate_types::{AccountId, Region};

/// One log event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEvent {
    /// When it happened, in milliseconds since 1970.
    pub timestamp_ms: u64,
    /// The text, at most 256 KB; more is cut.
    pub message: String,
}

/// Where events go.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LogDestination {
    /// The group's account.
    pub account: AccountId,
    /// The group's region.
    pub region: Region,
    /// The group's name.
    pub group: String,
    /// The stream's name; it is made if it is not there.
    pub stream: String,
    /// Whether the group may be made if it is not there. If it may not, the events are dropped, as on AWS.
    pub create_group: bool,
}

/// Events of one stream, in order.
#[derive(Debug, Clone)]
pub struct LogBatch {
    /// Where they go. The writer has checked that it may write there.
    pub destination: LogDestination,
    /// The events.
    pub events: Vec<LogEvent>,
}

/// CloudWatch Logs' ingestion.
pub trait LogSink: Send + Sync {
    /// Takes events without waiting for the disk: they are readable at once and durable within 100 ms. A full queue
    /// drops the events and counts them.
    fn append(&self, batch: LogBatch);

    /// Whether the group is there.
    fn group_exists(&self, account: &AccountId, region: &Region, group: &str) -> bool;
}
