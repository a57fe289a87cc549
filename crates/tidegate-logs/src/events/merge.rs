//! Reading the events of many streams as one sequence in the order of their time. A stream is opened when the sequence
//! reaches its first event, so that a group with many old streams costs nothing.

use super::{Event, StreamEvents};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use tidegate_store::{Error, Snapshot};
use tidegate_types::{AccountId, Region};

/// The merged events of some streams.
pub(crate) struct Merge<'a> {
    snapshot: &'a Snapshot,
    account: &'a AccountId,
    region: &'a Region,
    times: Range<u64>,
    /// Time of the first event and number of the streams that are not open, the earliest last.
    closed: Vec<(u64, u64)>,
    open: Vec<StreamEvents>,
    /// The next event of each open stream, by [`super::Position`].
    next: BinaryHeap<Reverse<Next>>,
}

struct Next {
    event: Event,
    cursor: usize,
}

impl<'a> Merge<'a> {
    /// The events of these streams (time of the first event, number) in a range of time.
    pub fn new(
        snapshot: &'a Snapshot,
        place: (&'a AccountId, &'a Region),
        mut streams: Vec<(u64, u64)>,
        times: Range<u64>,
    ) -> Merge<'a> {
        streams.sort_unstable_by(|a, b| b.cmp(a));
        let (account, region) = place;
        Merge { snapshot, account, region, times, closed: streams, open: Vec::new(), next: BinaryHeap::new() }
    }

    fn open_due(&mut self) -> Result<(), Error> {
        while let Some((first_ms, stream)) = self.closed.last().copied() {
            if self.next.peek().is_some_and(|Reverse(next)| next.event.position.time_ms < first_ms) {
                break;
            }
            self.closed.pop();
            let place = (self.account, self.region, stream);
            self.open.push(StreamEvents::forward(self.snapshot, place, self.times.clone()));
            self.read(self.open.len() - 1)?;
        }
        Ok(())
    }

    fn read(&mut self, cursor: usize) -> Result<(), Error> {
        if let Some(event) = self.open[cursor].next() {
            self.next.push(Reverse(Next { event: event?, cursor }));
        }
        Ok(())
    }

    fn step(&mut self) -> Result<Option<Event>, Error> {
        self.open_due()?;
        let Some(Reverse(Next { event, cursor })) = self.next.pop() else { return Ok(None) };
        self.read(cursor)?;
        Ok(Some(event))
    }
}

impl Iterator for Merge<'_> {
    type Item = Result<Event, Error>;

    fn next(&mut self) -> Option<Result<Event, Error>> {
        self.step().transpose()
    }
}

impl Ord for Next {
    fn cmp(&self, other: &Next) -> std::cmp::Ordering {
        self.event.position.cmp(&other.event.position)
    }
}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Next) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Next {
    fn eq(&self, other: &Next) -> bool {
        self.event.position == other.event.position
    }
}

impl Eq for Next {}
