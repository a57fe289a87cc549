//! The writer's side: commits into the log and the active tree, and freezes that when it has grown.

use super::{Common, Frozen};
use crate::{Error, Snapshot, limits::RECENT_BYTES_FACTOR_MAX, log::LogWriter, writer::Commit};
use std::sync::{Arc, PoisonError};

/// The only one who writes to the log.
pub(crate) struct LogSide {
    common: Arc<Common>,
    log: LogWriter,
    /// Whether it may wait for the keeper; otherwise a write that finds no room in memory fails.
    pub(crate) waits: bool,
}

impl LogSide {
    pub(super) fn new(common: Arc<Common>, segment: u64, sequence: u64, salt: u64) -> LogSide {
        let step = common.options.log_step_bytes;
        let log = LogWriter::new(common.storage.clone(), salt, segment, sequence, step);
        LogSide { common, log, waits: false }
    }

    pub(crate) fn common(&self) -> &Arc<Common> {
        &self.common
    }

    fn has_grown(&self) -> bool {
        let recent = self.common.shared.snapshot().active.size_bytes();
        recent >= self.common.options.recent_bytes || self.log.segment_bytes() >= self.common.options.log_bytes
    }

    /// Hands the active tree to the keeper, unless that still has one. `false` if it has.
    pub(crate) fn freeze(&mut self) -> bool {
        let active = self.common.shared.snapshot().active;
        let mut handoff = self.common.handoff();
        if handoff.frozen.is_some() {
            return false;
        }
        if self.log.segment_bytes() == 0 {
            return true;
        }
        let (next_segment, retired) = self.log.rotate();
        handoff.frozen = Some(Frozen { tree: active, sequence: self.log.sequence(), next_segment, retired });
        self.common.shared.update(|newest| newest.frozen = Some(std::mem::take(&mut newest.active)));
        drop(handoff);
        self.common.changed.notify_all();
        true
    }

    /// Waits until there is room in memory.
    fn wait_for_room(&mut self) -> Result<(), Error> {
        loop {
            let recent = self.common.shared.snapshot().active.size_bytes();
            if recent < self.common.options.recent_bytes * RECENT_BYTES_FACTOR_MAX || self.freeze() {
                return Ok(());
            }
            // Under the lock, so that no failure slips in between the look and the wait.
            let handoff = self.common.handoff();
            self.common.writable()?;
            if handoff.no_room || !self.waits {
                return Err(Error::Full);
            }
            if handoff.frozen.is_some() {
                drop(self.common.changed.wait(handoff).unwrap_or_else(PoisonError::into_inner));
            }
        }
    }
}

impl Commit for LogSide {
    fn newest(&self) -> Snapshot {
        self.common.shared.snapshot()
    }

    fn logging(&self) -> bool {
        true
    }

    fn commit(&mut self, state: Snapshot, changes: &[u8]) -> Result<(), Error> {
        self.common.writable()?;
        let common = &self.common;
        self.log.append(changes, || common.handoff().free.pop()).map_err(|e| common.judge(e))?;
        // The keeper may have changed the rest of the state since the group began.
        self.common.shared.update(|newest| newest.active = state.active);
        Ok(())
    }

    fn prepare(&mut self) -> Result<(), Error> {
        self.wait_for_room()
    }

    fn settle(&mut self) {
        if self.common.writable().is_err() {
            return;
        }
        if let Err(error) = self.log.mark() {
            // Without room for the mark, damage of the last record can be taken for a torn end, no more.
            self.common.judge(error);
        }
        if self.has_grown() {
            self.freeze();
        }
    }

    fn has_recent(&self) -> bool {
        self.log.segment_bytes() > 0 && self.common.writable().is_ok()
    }

    fn idle(&mut self) {
        self.freeze();
    }
}
