//! Events on their way in from functions and gateways: they wait here until the store's writer takes them, all that
//! are there at a time, so that a busy server writes few large rows.

use crate::limits::QUEUE_BYTES_MAX;
use crate::tables::{GROUPS, Group};
use crate::{Error, Logs, events};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use tidegate_core::ports::{LogBatch, LogDestination, LogEvent, LogSink};
use tidegate_store::{self as store, Transaction};
use tidegate_types::{AccountId, Region};

/// The batches that wait.
#[derive(Default)]
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    /// Batches that were ever taken in.
    appended: AtomicU64,
    /// How many of those are known to be in the store.
    settled: AtomicU64,
    dropped: AtomicU64,
}

#[derive(Default)]
struct Waiting {
    batches: Vec<LogBatch>,
    size_bytes: usize,
}

impl Queue {
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Takes a batch in, or drops it. `true` if the writer must be told: nothing was waiting.
    fn push(&self, batch: LogBatch) -> bool {
        let size_bytes = batch.events.iter().map(|e| events::stored_bytes(&e.message)).sum::<usize>();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.size_bytes + size_bytes > QUEUE_BYTES_MAX {
            self.dropped.fetch_add(batch.events.len() as u64, Ordering::Relaxed);
            return false;
        }
        let first = waiting.batches.is_empty();
        waiting.size_bytes += size_bytes;
        waiting.batches.push(batch);
        self.appended.fetch_add(1, Ordering::Release);
        first
    }

    fn take(&self) -> Vec<LogBatch> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.size_bytes = 0;
        std::mem::take(&mut waiting.batches)
    }

    /// Gives up what waits: the writer takes nothing more.
    fn drop_waiting(&self) {
        let count = self.take().iter().map(|batch| batch.events.len() as u64).sum();
        self.dropped.fetch_add(count, Ordering::Relaxed);
    }

    /// Writes all that waits.
    fn drain(&self, tx: &mut Transaction, now_ms: u64) -> Result<(), store::Error> {
        let batches = self.take();
        let count = batches.iter().map(|b| b.events.len() as u64).sum();
        let written = by_destination(batches).into_iter().try_for_each(|(to, events)| write(tx, to, events, now_ms));
        if written.is_err() {
            self.dropped.fetch_add(count, Ordering::Relaxed);
        }
        written
    }
}

/// One batch for each destination, in the order of their first events.
fn by_destination(batches: Vec<LogBatch>) -> Vec<(LogDestination, Vec<LogEvent>)> {
    let mut places = HashMap::new();
    let mut merged: Vec<(LogDestination, Vec<LogEvent>)> = Vec::new();
    for batch in batches {
        let place = *places.entry(batch.destination.clone()).or_insert(merged.len());
        if place == merged.len() {
            merged.push((batch.destination, Vec::new()));
        }
        merged[place].1.extend(batch.events);
    }
    merged
}

fn write(tx: &mut Transaction, to: LogDestination, mut events: Vec<LogEvent>, now_ms: u64) -> Result<(), store::Error> {
    let key = (to.account, to.region, to.group);
    let group = match tx.get(&GROUPS, &key)? {
        Some(group) => group,
        None if to.create_group => Group::new(now_ms),
        // Without a group, and without the permission to make it, AWS drops the events too.
        None => return Ok(()),
    };
    events.sort_by_key(|event| event.timestamp_ms);
    events::append(tx, &key, group, &to.stream, events, now_ms)
}

impl Logs {
    /// Waits until all events that came in before are in the store, so that a reader sees them.
    pub(crate) async fn settle(&self) -> Result<(), Error> {
        let appended = self.queue.appended.load(Ordering::Acquire);
        if self.queue.settled.load(Ordering::Acquire) < appended {
            let (queue, now_ms) = (self.queue.clone(), self.clock.now_ms());
            self.store.write(move |tx| queue.drain(tx, now_ms)).await?;
            self.queue.settled.fetch_max(appended, Ordering::AcqRel);
        }
        Ok(())
    }
}

impl LogSink for Logs {
    fn append(&self, batch: LogBatch) {
        if batch.events.is_empty() || !self.queue.push(batch) {
            return;
        }
        let (queue, now_ms) = (self.queue.clone(), self.clock.now_ms());
        if self.store.write_later(move |tx| queue.drain(tx, now_ms)).is_err() {
            self.queue.drop_waiting();
        }
    }

    fn group_exists(&self, account: &AccountId, region: &Region, group: &str) -> bool {
        matches!(self.store.snapshot().get(&GROUPS, (account, region, group)), Ok(Some(_)))
    }
}
