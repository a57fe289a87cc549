//! Merging runs, a piece at a time, so that fresh writes never wait for long.

use crate::{
    Error,
    cursor::{Cursor, Merge},
    limits::{COMPACTION_STEP_BYTES, MERGED_RUNS_MIN},
    run::{Run, RunCursor, RunWriter},
};
use std::{ops::Range, sync::Arc};

/// Which neighbors to merge, if any: enough runs of similar size. So there are few runs for any amount of data, and each
/// byte is written again only when its run grows to several times its size. Below the floor all sizes count as similar.
pub(super) fn pick(sizes: &[u64], floor: u64) -> Option<Range<usize>> {
    let size = |n: usize| sizes[n].max(floor);
    (0..sizes.len()).find_map(|start| {
        let mut largest = size(start);
        let mut end = start + 1;
        while end < sizes.len() && size(end) <= 2 * largest {
            largest = largest.max(size(end));
            end += 1;
        }
        (end - start >= MERGED_RUNS_MIN).then_some(start..end)
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_neighbors_of_similar_size() {
        let cases: [(&[u64], Option<Range<usize>>); 8] = [
            (&[], None),
            (&[4, 4, 4], None),
            (&[4, 4, 4, 4], Some(0..4)),
            (&[4, 4, 4, 16, 16, 16], None),
            (&[4, 4, 4, 4, 16, 16], Some(0..4)),
            (&[4, 16, 16, 16, 16], Some(1..5)),
            (&[1, 2, 3, 2, 100], Some(0..4)),
            (&[64, 16, 4, 1], Some(0..4)),
        ];
        for (sizes, expected) in cases {
            assert_eq!(pick(sizes, 1), expected, "{sizes:?}");
        }
        assert_eq!(pick(&[1, 900, 20, 3], 1000), Some(0..4), "all below the floor");
    }

    #[test]
    fn keeps_runs_few_and_writes_each_byte_seldom() {
        let (mut sizes, mut written) = (Vec::new(), 0);
        for _ in 0..1000 {
            sizes.insert(0, 4);
            while let Some(range) = pick(&sizes, 1) {
                let merged: u64 = sizes[range.clone()].iter().sum();
                written += merged;
                sizes.splice(range, [merged]);
            }
            assert!(sizes.len() <= 16, "{sizes:?}");
        }
        assert!(written / 4000 <= 6, "each byte is written {} times", written / 4000);
    }
}
