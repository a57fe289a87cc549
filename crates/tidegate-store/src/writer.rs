//! The writer thread: runs write closures one after another against the newest state and commits them in groups.

use crate::{
    Error, Snapshot, Transaction,
    limits::{COMPANY_WAIT, GROUP_BYTES_MAX, GROUP_WRITES_MAX, IDLE},
    queue::{Job, Queue},
};
use std::{collections::VecDeque, time::Instant};

/// What makes a group of changes durable and visible.
pub(crate) trait Commit {
    /// The newest state.
    fn newest(&self) -> Snapshot;

    /// Whether changes are to be written down for a log.
    fn logging(&self) -> bool;

    /// Called before a group is run; an error is the answer to all of it.
    fn prepare(&mut self) -> Result<(), Error> {
        Ok(())
    }

    /// Makes the changes durable, then the state visible.
    fn commit(&mut self, state: Snapshot, changes: &[u8]) -> Result<(), Error>;

    /// Called after the callers have their answers.
    fn settle(&mut self) {}

    /// Whether there is something to do when no writes come for a while.
    fn has_recent(&self) -> bool {
        false
    }

    /// Called when no writes came for a while.
    fn idle(&mut self) {}
}

/// Leaves nobody waiting for a writer that is gone, whatever ended it.
struct Leaving<'a>(&'a Queue);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

/// Works until the queue is closed.
pub(crate) fn run(queue: &Queue, engine: &mut impl Commit) {
    let _leaving = Leaving(queue);
    let mut last = 0;
    while let Some(mut jobs) = queue.take(engine.has_recent().then_some(IDLE)) {
        if jobs.is_empty() {
            engine.idle();
        }
        wait_for_company(queue, &mut jobs, last);
        last = jobs.len();
        while !jobs.is_empty() {
            commit_group(&mut jobs, engine);
        }
        engine.settle();
    }
}

/// Those who were just answered together are likely to write again at once: a commit that waits a moment for them saves
/// one of its own for each. A single client never waits.
fn wait_for_company(queue: &Queue, jobs: &mut VecDeque<Box<dyn Job>>, last: usize) {
    if jobs.is_empty() || jobs.len() * 2 >= last {
        return;
    }
    let start = Instant::now();
    while jobs.len() * 2 < last && start.elapsed() < COMPANY_WAIT {
        std::hint::spin_loop();
        queue.take_more(jobs);
    }
}

pub(crate) fn commit_group(jobs: &mut VecDeque<Box<dyn Job>>, engine: &mut impl Commit) {
    let ready = engine.prepare();
    let mut group = Group { state: engine.newest(), changes: Vec::new(), written: false };
    let mut done = Vec::with_capacity(jobs.len().min(GROUP_WRITES_MAX));
    while done.len() < GROUP_WRITES_MAX && group.changes.len() < GROUP_BYTES_MAX {
        let Some(mut job) = jobs.pop_front() else { break };
        if ready.is_ok() {
            group.run(&mut *job, engine.logging());
        }
        done.push(job);
    }
    let outcome = if group.written { engine.commit(group.state, &group.changes) } else { ready };
    for job in done {
        job.finish(outcome.clone());
    }
}

struct Group {
    state: Snapshot,
    changes: Vec<u8>,
    written: bool,
}

impl Group {
    fn run(&mut self, job: &mut dyn Job, logging: bool) {
        let mut tx = Transaction::new(self.state.clone(), logging);
        if job.run(&mut tx) {
            let (state, changes, written) = tx.into_parts();
            if written {
                self.state = state;
                self.changes.extend_from_slice(&changes);
                self.written = true;
            }
        }
    }
}
