//! Merging runs, a piece at a time, so that fresh writes never wait for long.

use crate::{
    Error,
    cursor::{Cursor, Merge},
    limits::{COMPACTION_STEP_BYTES, MERGED_RUNS_MIN},
    run::{Run, RunCursor, RunWriter},
};
use std::sync::Arc;

/// How many of the newest runs to merge, if any: those of which none is larger than all newer ones together. A run is
/// so merged only into one of at least twice its size, and there are few runs for any amount of data.
pub(super) fn pick(runs: &[Arc<Run>]) -> Option<usize> {
    let mut sum = runs.first()?.size_bytes();
    let mut count = 1;
    for run in &runs[1..] {
        if run.size_bytes() > sum {
            break;
        }
        sum += run.size_bytes();
        count += 1;
    }
    (count >= MERGED_RUNS_MIN).then_some(count)
}

/// A merge under way.
pub(super) struct Compaction {
    id: u64,
    inputs: Vec<u64>,
    walk: Merge,
    /// Whether there is nothing older, so that deletions need no mark.
    bottom: bool,
    writer: RunWriter,
}

impl Compaction {
    pub(super) fn new(id: u64, runs: &[Arc<Run>], bottom: bool, writer: RunWriter) -> Result<Compaction, Error> {
        let mut cursors: Vec<Box<dyn Cursor>> = Vec::with_capacity(runs.len());
        for run in runs {
            match RunCursor::everything(run) {
                Ok(cursor) => cursors.push(Box::new(cursor)),
                Err(error) => {
                    writer.abandon();
                    return Err(error);
                }
            }
        }
        let inputs = runs.iter().map(|run| run.id()).collect();
        Ok(Compaction { id, inputs, walk: Merge::new(cursors, false), bottom, writer })
    }

    /// Merges some; `false` when all is done.
    pub(super) fn step(&mut self) -> Result<bool, Error> {
        let until = self.writer.size_bytes() + COMPACTION_STEP_BYTES;
        while self.writer.size_bytes() < until {
            let Some((key, value)) = self.walk.next_pair()? else { return Ok(false) };
            if value.is_some() || !self.bottom {
                self.writer.add(&key, value.as_deref())?;
            }
        }
        Ok(true)
    }

    pub(super) fn into_parts(self) -> (u64, Vec<u64>, RunWriter) {
        (self.id, self.inputs, self.writer)
    }

    pub(super) fn abandon(self) {
        self.writer.abandon();
    }
}
