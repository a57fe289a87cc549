//! The keeper's side: writes frozen trees into runs, merges runs, and lets go of what is no longer needed.

use super::{Common, Frozen, compaction::Compaction};
use crate::{
    Error,
    cursor::{Merge, Span, TreeCursor},
    limits::{COMPACTION_STEPS, FREE_LOG_FILES_MAX, KEEPER_RETRY, RUNS_MAX, SMALL_RUN_DIVISOR},
    log::Retired,
    manifest::{Manifest, RunEntry},
    run::{self, Run, RunWriter},
    tree::Tree,
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, PoisonError},
};

/// The only one who writes runs and the manifest.
pub(crate) struct Keeper {
    common: Arc<Common>,
    manifest: Manifest,
    compaction: Option<Compaction>,
}

impl Keeper {
    pub(super) fn new(common: Arc<Common>, manifest: Manifest) -> Keeper {
        Keeper { common, manifest, compaction: None }
    }

    pub(super) fn salt(&self) -> u64 {
        self.manifest.salt
    }

    pub(super) fn runs(&self) -> usize {
        self.manifest.runs.len()
    }

    /// Takes over what the log held at the start.
    pub(super) fn absorb(
        &mut self,
        tree: Tree,
        sequence: u64,
        next_segment: u64,
        used: Vec<Retired>,
    ) -> Result<(), Error> {
        if used.is_empty() {
            return Ok(());
        }
        self.common.shared.update(|newest| newest.frozen = Some(tree.clone()));
        self.common.handoff().frozen = Some(Frozen { tree, sequence, next_segment, retired: None });
        self.flush()?;
        used.into_iter().for_each(|file| self.release(file));
        Ok(())
    }

    /// Writes the frozen tree into a run, if there is one; `false` if there is none.
    ///
    /// # Errors
    /// `Full` leaves everything as it was; anything else makes the store read-only.
    pub(crate) fn flush(&mut self) -> Result<bool, Error> {
        let Some(frozen) = self.common.handoff().frozen.clone() else { return Ok(false) };
        self.common.writable()?;
        let outcome = self.flush_tree(&frozen);
        if let Err(error) = outcome {
            let error = self.common.judge(error);
            self.common.handoff().no_room = error.may_pass();
            self.common.changed.notify_all();
            return Err(error);
        }
        if let Some(file) = frozen.retired {
            self.release(file);
        }
        Ok(true)
    }

    fn flush_tree(&mut self, frozen: &Frozen) -> Result<(), Error> {
        let mut manifest = self.manifest.clone();
        manifest.next_run += 1;
        manifest.log_sequence = frozen.sequence;
        manifest.log_segment = frozen.next_segment;
        let run = self.write_tree(&frozen.tree)?;
        if let Some(run) = &run {
            manifest.runs.insert(0, RunEntry { id: run.id(), size_bytes: run.size_bytes() });
        }
        self.store(manifest, run.as_ref())?;
        let mut handoff = self.common.handoff();
        handoff.frozen = None;
        handoff.no_room = false;
        self.common.shared.update(|newest| {
            newest.frozen = None;
            newest.runs = run.into_iter().chain(newest.runs.iter().cloned()).collect();
        });
        drop(handoff);
        self.common.changed.notify_all();
        Ok(())
    }

    /// Replaces the manifest by one that names a new run; the run's file is removed if that fails.
    fn store(&mut self, manifest: Manifest, run: Option<&Arc<Run>>) -> Result<(), Error> {
        let stored = manifest.store(&*self.common.storage);
        match (&stored, run) {
            (Ok(()), _) => self.manifest = manifest,
            // After any other error the new manifest may be the one that counts.
            (Err(error), Some(run)) if error.may_pass() => {
                let _ = self.common.storage.remove(&run::path(run.id()));
            }
            _ => {}
        }
        stored
    }

    fn write_tree(&self, tree: &Tree) -> Result<Option<Arc<Run>>, Error> {
        let bottom = self.manifest.runs.is_empty();
        let mut walk = Merge::new(vec![Box::new(TreeCursor::new(tree, &Span::everything()))], false);
        let mut writer = self.run_writer(self.manifest.next_run)?;
        let copied = (|| {
            while let Some((key, value)) = walk.next_pair()? {
                if value.is_some() || !bottom {
                    writer.add(&key, value.as_deref())?;
                }
            }
            Ok(())
        })();
        self.finish_run(self.manifest.next_run, writer, copied)
    }

    fn run_writer(&self, id: u64) -> Result<RunWriter, Error> {
        RunWriter::new(&self.common.storage, id, self.common.options.block_bytes)
    }

    /// Finishes and opens a run; an empty or failed one is removed.
    fn finish_run(&self, id: u64, writer: RunWriter, copied: Result<(), Error>) -> Result<Option<Arc<Run>>, Error> {
        if copied.is_err() || writer.is_empty() {
            writer.abandon();
            return copied.map(|()| None);
        }
        let finished = writer.finish();
        if finished.is_err() {
            let _ = self.common.storage.remove(&run::path(id));
        }
        let run = Run::open(&*self.common.storage, id, finished?, self.common.cache.clone())?;
        Ok(Some(Arc::new(run)))
    }

    /// Keeps a file of the log for later, or removes it if there are enough or it is too large.
    fn release(&self, file: Retired) {
        let mut handoff = self.common.handoff();
        let usual = file.size_bytes <= 2 * self.common.options.log_bytes;
        if usual && handoff.free.len() < FREE_LOG_FILES_MAX {
            handoff.free.push(file);
        } else {
            // A file that stays is free again after the next start.
            let _ = self.common.storage.remove(&format!("{}/{}", crate::log::DIR, file.name));
        }
    }

    /// Does a part of a merge of runs; `false` if there is nothing to merge.
    ///
    /// # Errors
    /// As [`flush`](Keeper::flush); a merge that failed is begun anew.
    pub(crate) fn compact(&mut self) -> Result<bool, Error> {
        self.common.writable()?;
        let outcome = self.compact_step();
        outcome.map_err(|error| {
            if let Some(compaction) = self.compaction.take() {
                compaction.abandon();
            }
            // Damage stays where it is, and is told to those who read it; the other runs can still be written.
            if matches!(error, Error::Corrupt { .. }) { error } else { self.common.judge(error) }
        })
    }

    fn compact_step(&mut self) -> Result<bool, Error> {
        let Some(mut compaction) = self.compaction.take() else { return self.begin_compaction() };
        let more = compaction.step();
        if matches!(more, Ok(false)) {
            self.finish_compaction(compaction)?;
            return Ok(true);
        }
        self.compaction = Some(compaction);
        more
    }

    fn begin_compaction(&mut self) -> Result<bool, Error> {
        let runs = self.common.shared.snapshot().runs;
        let sizes: Vec<u64> = runs.iter().map(|run| run.size_bytes()).collect();
        let floor = self.common.options.recent_bytes as u64 / SMALL_RUN_DIVISOR;
        let Some(range) = super::compaction::pick(&sizes, floor) else { return Ok(false) };
        let id = self.manifest.next_run;
        self.manifest.next_run += 1;
        let writer = self.run_writer(id)?;
        let bottom = range.end == runs.len();
        self.compaction = Some(Compaction::new(id, &runs[range], bottom, writer)?);
        Ok(true)
    }

    fn finish_compaction(&mut self, compaction: Compaction) -> Result<(), Error> {
        let (id, inputs, writer) = compaction.into_parts();
        let run = self.finish_run(id, writer, Ok(()))?;
        let mut manifest = self.manifest.clone();
        // What was frozen meanwhile stands in front of the inputs.
        let first = manifest.runs.iter().position(|entry| inputs.first() == Some(&entry.id)).unwrap_or(0);
        let output = run.as_ref().map(|run| RunEntry { id, size_bytes: run.size_bytes() });
        manifest.runs.splice(first..first + inputs.len(), output);
        self.store(manifest, run.as_ref())?;
        self.common.shared.update(|newest| {
            let mut runs = newest.runs.to_vec();
            runs.splice(first..first + inputs.len(), run);
            newest.runs = runs.into();
        });
        for id in inputs {
            // Readers may have it open; a file that stays is removed at the next start.
            let _ = self.common.storage.remove(&run::path(id));
        }
        Ok(())
    }

    /// Works until [`stop`](Common::stop), and writes what is frozen by then.
    pub(crate) fn run(&mut self) {
        let work = catch_unwind(AssertUnwindSafe(|| self.work()));
        if work.is_err() {
            // Writers must not wait for a keeper that is gone.
            self.common.judge(Error::Panicked { message: "the keeper of the store's files".into() });
        }
    }

    fn work(&mut self) {
        loop {
            let flushed = self.flush();
            if self.common.handoff().stopping || self.common.writable().is_err() {
                return;
            }
            let merged = flushed.as_ref().map_or(Ok(false), |_| self.compact_for_a_while());
            match (flushed, merged) {
                (Ok(false), Ok(false)) => self.wait(),
                (Err(_), _) | (_, Err(_)) => self.wait_for_better_times(),
                _ => {}
            }
        }
    }

    /// Merges as much as comes with the runs that are flushed, so that under load neither outruns the other.
    fn compact_for_a_while(&mut self) -> Result<bool, Error> {
        let mut steps = 0;
        while (steps < COMPACTION_STEPS || self.runs() > RUNS_MAX) && !self.common.handoff().stopping {
            if !self.compact()? {
                break;
            }
            steps += 1;
        }
        Ok(steps > 0)
    }

    fn wait(&self) {
        let handoff = self.common.handoff();
        if !handoff.stopping && handoff.frozen.is_none() {
            drop(self.common.changed.wait(handoff).unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// A full disk may have room again.
    fn wait_for_better_times(&self) {
        let handoff = self.common.handoff();
        if !handoff.stopping {
            drop(self.common.changed.wait_timeout(handoff, KEEPER_RETRY).unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Gives up a merge that is under way.
    pub(crate) fn abandon_compaction(&mut self) {
        if let Some(compaction) = self.compaction.take() {
            compaction.abandon();
        }
    }
}

impl Common {
    /// Tells the keeper to come to an end.
    pub(crate) fn stop(&self) {
        self.handoff().stopping = true;
        self.changed.notify_all();
    }
}
