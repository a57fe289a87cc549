//! Reading everything once to see whether it is what was written.

use crate::{
    Error, blobs,
    directory::Directory,
    log::{From, replay},
    manifest::Manifest,
    run::{Cache, Run},
    storage::Storage,
};
use std::{path::Path, sync::Arc};

/// What a check of all data found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Runs that were read.
    pub runs: usize,
    /// Entries in them, superseded and deleted ones included.
    pub entries: u64,
    /// Records in the log that are not yet in a run; counted only while the store is closed.
    pub log_records: u64,
    /// Blobs that were read.
    pub blobs: usize,
    /// Bytes that were read from runs.
    pub size_bytes: u64,
    /// What is damaged: each names a file and a range of keys or bytes.
    pub damage: Vec<Error>,
}

impl Report {
    /// Whether everything is as it was written.
    pub fn is_sound(&self) -> bool {
        self.damage.is_empty()
    }

    fn add_run(&mut self, run: &Run) {
        self.runs += 1;
        self.entries += run.entries();
        self.size_bytes += run.size_bytes();
        self.damage.extend(run.verify());
    }

    fn add_blobs(&mut self, storage: &dyn Storage) -> Result<(), Error> {
        for id in blobs::list(storage)? {
            self.blobs += 1;
            self.damage.extend(blobs::read(storage, &id).err());
        }
        Ok(())
    }
}

/// Checks an open store. Its log was checked when it was opened, and what it holds now is in memory.
pub(crate) fn open_store(storage: &dyn Storage, runs: &[Arc<Run>]) -> Result<Report, Error> {
    let mut report = Report::default();
    runs.iter().for_each(|run| report.add_run(run));
    report.add_blobs(storage)?;
    Ok(report)
}

/// Checks a store that is not open, also one that cannot be opened because it is damaged. Changes nothing.
///
/// # Errors
/// `Locked`, `NotAStore`, `NewerFormat`, `Io`; `Corrupt` only if not even the list of files can be read.
pub fn verify(path: impl AsRef<Path>) -> Result<Report, Error> {
    let path = path.as_ref();
    if !path.join("FORMAT").exists() {
        return Err(Error::NotAStore { path: path.display().to_string() });
    }
    closed_store(&Directory::lock(path)?, &path.display().to_string())
}

pub(crate) fn closed_store(storage: &dyn Storage, path: &str) -> Result<Report, Error> {
    let manifest = Manifest::load(storage, path)?;
    let mut report = Report::default();
    let cache = Arc::new(Cache::new(0));
    for run in &manifest.runs {
        match Run::open(storage, run.id, run.size_bytes, cache.clone()) {
            Ok(run) => report.add_run(&run),
            Err(error) => report.damage.push(error),
        }
    }
    let from = From { salt: manifest.salt, segment: manifest.log_segment, sequence: manifest.log_sequence };
    match replay(storage, from, |_, _| ()) {
        Ok(replayed) => report.log_records = replayed.records,
        Err(error) => report.damage.push(error),
    }
    report.add_blobs(storage)?;
    Ok(report)
}
