//! The engine on disk, without threads: tests drive it step by step, the store gives it a writer and a keeper thread.
//!
//! A commit goes into the [log](crate::log) and then into the active tree. When that has grown, it is frozen, the log
//! begins a new segment, and the keeper writes the frozen tree into a [run](crate::run); then the old segments are free.
//! Runs of similar size are merged. Readers look into the active tree, the frozen tree and the runs, newest first.

mod compaction;
mod keeper;
mod log_side;

pub(crate) use keeper::Keeper;
pub(crate) use log_side::LogSide;

use crate::{
    Error, Snapshot,
    log::{Retired, replay},
    manifest::Manifest,
    run::{Cache, Run},
    storage::Storage,
    store::Options,
    tree::Tree,
};
use arc_swap::ArcSwap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

/// What the writer publishes and the readers read.
#[derive(Default)]
pub(crate) struct Shared {
    /// Readers of all threads look at it without writing to memory that they share.
    newest: ArcSwap<Snapshot>,
    /// Held while a change is made: the writer and the keeper make them.
    changing: Mutex<()>,
}

impl Shared {
    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot::clone(&self.newest.load())
    }

    /// Shows the newest state to a closure that does not keep it.
    pub(crate) fn read<R>(&self, closure: impl FnOnce(&Snapshot) -> R) -> R {
        closure(&self.newest.load())
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut Snapshot)) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut newest = self.snapshot();
        change(&mut newest);
        self.newest.store(Arc::new(newest));
    }
}

/// A tree on its way into a run.
#[derive(Clone)]
struct Frozen {
    tree: Tree,
    /// The last record of the log that is in the tree.
    sequence: u64,
    /// The first segment of the log that holds anything newer.
    next_segment: u64,
    retired: Option<Retired>,
}

#[derive(Default)]
struct Handoff {
    frozen: Option<Frozen>,
    free: Vec<Retired>,
    /// The last try to write a run found no room.
    no_room: bool,
    stopping: bool,
}

/// What the writer's and the keeper's side have in common.
pub(crate) struct Common {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) cache: Arc<Cache>,
    options: Options,
    /// The first failure after which nothing is written anymore.
    failed: OnceLock<Arc<str>>,
    handoff: Mutex<Handoff>,
    changed: Condvar,
}

impl Common {
    fn handoff(&self) -> MutexGuard<'_, Handoff> {
        self.handoff.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first failure after which nothing is written anymore.
    pub(crate) fn failure(&self) -> Option<Arc<str>> {
        self.failed.get().cloned()
    }

    /// Fails if the store is read-only.
    pub(crate) fn writable(&self) -> Result<(), Error> {
        self.failure().map_or(Ok(()), |cause| Err(Error::ReadOnly { cause }))
    }

    /// Takes note of an error from the disk: a lack of room may pass, everything else makes the store read-only.
    fn judge(&self, error: Error) -> Error {
        if error.may_pass() {
            return if error.is_full() { Error::Full } else { error };
        }
        self.failed.get_or_init(|| error.to_string().into());
        // Who waits either has not looked yet, or hears the call.
        drop(self.handoff());
        self.changed.notify_all();
        error
    }
}

/// What was found when the store was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recovery {
    /// Records of the log that were not yet in a run; 0 after a clean stop.
    pub replayed_records: u64,
    /// Runs on disk, after what was replayed has become one of them.
    pub runs: usize,
}

/// Opens the store, or makes one, and brings back everything that was acknowledged.
///
/// # Errors
/// `NewerFormat`, `NotAStore`, `Corrupt`, `Io`, `Full`.
pub(crate) fn open(
    storage: Arc<dyn Storage>,
    path: &str,
    options: Options,
) -> Result<(LogSide, Keeper, Recovery), Error> {
    let manifest = Manifest::load_or_create(&*storage, path)?;
    // A killed process may have left names that are not on disk yet. What follows relies on them.
    for dir in ["", crate::log::DIR, crate::run::DIR] {
        sync_names(&*storage, dir)?;
    }
    let cache = Arc::new(Cache::new(options.cache_bytes));
    let mut runs = Vec::with_capacity(manifest.runs.len());
    for run in &manifest.runs {
        runs.push(Arc::new(Run::open(&*storage, run.id, run.size_bytes, cache.clone())?));
    }
    remove_orphans(&*storage, &manifest)?;
    let mut tree = Tree::default();
    let from = crate::log::From { salt: manifest.salt, segment: manifest.log_segment, sequence: manifest.log_sequence };
    let replayed = replay(&*storage, from, |key, value| tree.insert(key.into(), value.map(Into::into)))?;
    let shared = Arc::new(Shared::default());
    shared.update(|newest| newest.runs = runs.into());
    let handoff = Mutex::new(Handoff { free: replayed.free, ..Handoff::default() });
    let (failed, changed) = (OnceLock::new(), Condvar::new());
    let common = Arc::new(Common { storage, shared, cache, options, failed, handoff, changed });
    let mut keeper = Keeper::new(common.clone(), manifest);
    // What was replayed may never have reached the disk: it must become a run before anybody relies on it.
    keeper.absorb(tree, replayed.sequence, replayed.next_segment, replayed.used)?;
    let log_side = LogSide::new(common, replayed.next_segment, replayed.sequence, keeper.salt());
    let recovery = Recovery { replayed_records: replayed.records, runs: keeper.runs() };
    Ok((log_side, keeper, recovery))
}

/// Makes sure of a directory's names; in an empty one there are none.
pub(crate) fn sync_names(storage: &dyn Storage, dir: &str) -> Result<(), Error> {
    let fail = |e| Error::io(dir, e);
    if storage.list(dir).map_err(fail)?.is_empty() { Ok(()) } else { storage.sync_dir(dir).map_err(fail) }
}

fn remove_orphans(storage: &dyn Storage, manifest: &Manifest) -> Result<(), Error> {
    use crate::run::{DIR, path};
    let known: Vec<String> = manifest.runs.iter().map(|run| path(run.id)).collect();
    for name in storage.list(DIR).map_err(|e| Error::io(DIR, e))? {
        let path = format!("{DIR}/{name}");
        if !known.contains(&path) {
            storage.remove(&path).map_err(|e| Error::io(path, e))?;
        }
    }
    Ok(())
}
