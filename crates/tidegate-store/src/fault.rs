//! A disk for tests: it lives in memory, follows a seed, and does to its files what real disks do when the power goes
//! or the medium fails.
//!
//! - Power loss: of what was not synced, any pages survive in any order, the last write to a page perhaps in part;
//!   of a directory's names any first part of the changes survives.
//! - `EIO` in a sync: some of the unsynced pages will never be on disk, though they can still be read.
//! - `ENOSPC`: a write that needs room stops half-way; later ones may succeed.

mod inode;
mod random;

pub use random::Random;

use crate::storage::{File, Storage};
use inode::Inode;
use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What happens at an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The operation may have happened in part, and no later one succeeds.
    Crash,
    /// The operation fails as on a broken medium.
    Eio,
    /// This operation and the next few find the disk full.
    Enospc,
}

/// How many operations a full disk lasts.
const FULL_OPERATIONS: u64 = 6;

/// A change of a directory.
#[derive(Debug, Clone)]
enum Change {
    Link(String, usize),
    Unlink(String),
    Rename(String, String),
}

impl Change {
    fn apply(&self, names: &mut BTreeMap<String, usize>) {
        match self {
            Change::Link(path, inode) => drop(names.insert(path.clone(), *inode)),
            Change::Unlink(path) => drop(names.remove(path)),
            Change::Rename(from, to) => {
                if let Some(inode) = names.remove(from) {
                    names.insert(to.clone(), inode);
                }
            }
        }
    }
}

struct State {
    random: Random,
    inodes: Vec<Inode>,
    names: BTreeMap<String, usize>,
    durable_names: BTreeMap<String, usize>,
    /// Changes of names that are not synced, in order, with their directory.
    changes: Vec<(String, Change)>,
    operations: u64,
    fault: Option<(u64, Fault)>,
    crashed: bool,
}

/// The disk. Clones are the same disk.
#[derive(Clone)]
pub struct FaultDisk(Arc<Mutex<State>>);

struct FaultFile {
    disk: FaultDisk,
    inode: usize,
}

fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

fn eio() -> io::Error {
    io::Error::from_raw_os_error(5)
}

fn enospc() -> io::Error {
    io::Error::from(io::ErrorKind::StorageFull)
}

/// What an operation should do.
enum Verdict {
    Go,
    /// Do a part of it, then fail.
    Fail(io::Error),
}

impl State {
    /// The same for an operation that needs no new room: only a copy-on-write system finds the disk full there.
    fn operation_in_place(&mut self) -> io::Result<Verdict> {
        let verdict = self.operation()?;
        let full = matches!(&verdict, Verdict::Fail(error) if error.kind() == io::ErrorKind::StorageFull);
        Ok(if full && !self.random.chance(8) { Verdict::Go } else { verdict })
    }

    /// Counts an operation that changes something, and says what becomes of it.
    fn operation(&mut self) -> io::Result<Verdict> {
        if self.crashed {
            return Err(eio());
        }
        self.operations += 1;
        let now = self.operations;
        Ok(match self.fault {
            Some((at, Fault::Crash)) if now >= at => {
                self.crashed = true;
                Verdict::Fail(eio())
            }
            Some((at, Fault::Eio)) if now == at => Verdict::Fail(eio()),
            Some((at, Fault::Enospc)) if (at..at + FULL_OPERATIONS).contains(&now) => Verdict::Fail(enospc()),
            _ => Verdict::Go,
        })
    }

    /// Changes a name, or perhaps not if the operation fails.
    fn change(&mut self, change: Change) -> io::Result<()> {
        let verdict = self.operation()?;
        if matches!(verdict, Verdict::Go) || (self.crashed && self.random.chance(2)) {
            change.apply(&mut self.names);
            let (Change::Link(path, _) | Change::Unlink(path) | Change::Rename(path, _)) = &change;
            self.changes.push((directory(path).into(), change));
        }
        match verdict {
            Verdict::Go => Ok(()),
            Verdict::Fail(error) => Err(error),
        }
    }
}

impl FaultDisk {
    /// An empty disk.
    pub fn new(seed: u64) -> FaultDisk {
        FaultDisk(Arc::new(Mutex::new(State {
            random: Random::new(seed),
            inodes: Vec::new(),
            names: BTreeMap::new(),
            durable_names: BTreeMap::new(),
            changes: Vec::new(),
            operations: 0,
            fault: None,
            crashed: false,
        })))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Operations so far that changed something.
    pub fn operations(&self) -> u64 {
        self.lock().operations
    }

    /// Lets something happen at the operation that comes this many operations from now, 1 being the next.
    pub fn fail_in(&self, operations: u64, fault: Fault) {
        let mut state = self.lock();
        state.fault = Some((state.operations + operations, fault));
    }

    /// Takes back what [`fail_in`](FaultDisk::fail_in) has planned.
    pub fn heal(&self) {
        self.lock().fault = None;
    }

    /// The disk as the next process finds it after this one was killed: the system has lost nothing.
    pub fn after_kill(&self) -> FaultDisk {
        let mut state = self.lock();
        state.crashed = true;
        let seed = state.random.next();
        let copy = State {
            random: Random::new(seed),
            inodes: state.inodes.clone(),
            names: state.names.clone(),
            durable_names: state.durable_names.clone(),
            changes: state.changes.clone(),
            operations: 0,
            fault: None,
            crashed: false,
        };
        FaultDisk(Arc::new(Mutex::new(copy)))
    }

    /// The disk as it is found after the power went off and on.
    pub fn after_power_loss(&self) -> FaultDisk {
        let after = self.after_kill();
        {
            let mut state = after.lock();
            let State { random, inodes, names, durable_names, changes, .. } = &mut *state;
            inodes.iter_mut().for_each(|inode| inode.lose_power(random));
            // Each directory has a journal of its own, of which the end may be lost.
            let mut ended = Vec::new();
            for (dir, change) in changes.drain(..) {
                if !ended.contains(&dir) && random.chance(3) {
                    ended.push(dir.clone());
                }
                if !ended.contains(&dir) {
                    change.apply(durable_names);
                }
            }
            *names = durable_names.clone();
        }
        after
    }

    /// A disk of its own with the same content.
    pub fn copy(&self) -> FaultDisk {
        let crashed = self.lock().crashed;
        let copy = self.after_kill();
        self.lock().crashed = crashed;
        copy
    }

    /// All files with their lengths in bytes.
    pub fn files(&self) -> Vec<(String, usize)> {
        let state = self.lock();
        state.names.iter().map(|(path, inode)| (path.clone(), state.inodes[*inode].bytes().len())).collect()
    }

    /// Turns over one bit of a file.
    pub fn flip(&self, path: &str, byte: usize, bit: u8) {
        let mut state = self.lock();
        if let Some(inode) = state.names.get(path).copied() {
            state.inodes[inode].flip(byte, bit);
        }
    }
}

impl Storage for FaultDisk {
    fn create_dir(&self, _path: &str) -> io::Result<()> {
        // Directories are where their files are.
        if self.lock().crashed { Err(eio()) } else { Ok(()) }
    }

    fn create(&self, path: &str) -> io::Result<Arc<dyn File>> {
        let mut state = self.lock();
        let inode = state.inodes.len();
        state.inodes.push(Inode::default());
        state.change(Change::Link(path.into(), inode))?;
        Ok(Arc::new(FaultFile { disk: self.clone(), inode }))
    }

    fn open(&self, path: &str) -> io::Result<Arc<dyn File>> {
        let state = self.lock();
        if state.crashed {
            return Err(eio());
        }
        let inode = *state.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Arc::new(FaultFile { disk: self.clone(), inode }))
    }

    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        let state = self.lock();
        if state.crashed {
            return Err(eio());
        }
        let here = state.names.keys().filter(|path| directory(path) == dir);
        Ok(here.map(|path| path.rsplit('/').next().unwrap_or(path).to_string()).collect())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.lock().change(Change::Rename(from.into(), to.into()))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        let mut state = self.lock();
        if !state.names.contains_key(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.change(Change::Unlink(path.into()))
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        let mut state = self.lock();
        if let Verdict::Fail(error) = state.operation_in_place()? {
            return Err(error);
        }
        let State { changes, durable_names, .. } = &mut *state;
        changes.retain(|(of, change)| {
            if of == dir {
                change.apply(durable_names);
            }
            of != dir
        });
        Ok(())
    }

    fn random(&self) -> u64 {
        self.lock().random.next()
    }
}

impl File for FaultFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let state = self.disk.lock();
        if state.crashed {
            return Err(eio());
        }
        let bytes = state.inodes[self.inode].bytes();
        let from = usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..)?.get(..buffer.len()));
        buffer.copy_from_slice(from.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut state = self.disk.lock();
        let in_place = offset as usize + bytes.len() <= state.inodes[self.inode].bytes().len();
        let verdict = if in_place { state.operation_in_place()? } else { state.operation()? };
        match verdict {
            Verdict::Go => {
                state.inodes[self.inode].write(bytes, offset as usize);
                Ok(())
            }
            Verdict::Fail(error) => {
                // A full disk takes less than everything; a broken one may have taken all before it fails.
                let whole = u64::from(error.kind() != io::ErrorKind::StorageFull);
                let part = state.random.below(bytes.len() as u64 + whole) as usize;
                state.inodes[self.inode].write(&bytes[..part], offset as usize);
                Err(error)
            }
        }
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.disk.lock().inodes[self.inode].bytes().len() as u64)
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.disk.lock();
        let verdict = state.operation_in_place()?;
        let State { inodes, random, .. } = &mut *state;
        match verdict {
            Verdict::Go => {
                inodes[self.inode].sync();
                Ok(())
            }
            Verdict::Fail(error) => {
                inodes[self.inode].fail_sync(random);
                Err(error)
            }
        }
    }
}
