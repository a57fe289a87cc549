//! Amazon CloudWatch Logs: groups, streams, events, filters and retention.
//!
//! [`Logs`] is the service. Clients reach it through its operations; functions and gateways write through the port
//! [`tidegate_core::ports::LogSink`], whose events wait in [`ingest`] until the store's writer takes them. Events are
//! stored and read back in [`events`]; which of them a filter lets through is [`pattern`]'s business.

mod error;
mod events;
mod groups;
mod ingest;
mod limits;
mod operations;
pub mod pattern;
mod tables;
mod tags;
mod tasks;
#[cfg(test)]
mod tests;

pub use error::Error;

use ingest::Queue;
use std::sync::Arc;
use tidegate_store::Store;
use tidegate_types::Clock;

/// The service's state.
pub struct Logs {
    store: Store,
    clock: Arc<dyn Clock>,
    queue: Arc<Queue>,
}

impl Logs {
    /// The service over a store that holds what earlier runs left.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Logs {
        Logs { store, clock, queue: Arc::default() }
    }

    /// How many events were lost since the start because too many were waiting or the store refused them.
    pub fn dropped_events(&self) -> u64 {
        self.queue.dropped()
    }
}
