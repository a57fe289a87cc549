//! The memory limit's watch.
//!
//! What programs write to their temporary folder lies in memory, and the kernel counts it as theirs. It should not
//! count against their memory limit, so the kernel's limit must follow the folder's size: it is always the programs'
//! limit plus what lies in the folder. The kernel reports when use comes near the limit; only from then on the watch
//! looks at the folder in short intervals.
//!
//! Where there is no memory control group, the watch adds up the processes' memory from time to time and kills.

use crate::linux::syscalls;
use crate::protocol::WatchKind;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::path::PathBuf;
use std::time::Duration;

/// How near to the limit the watch begins to look: what a fast program can write during [`NEAR_INTERVAL`].
const MARGIN_BYTES: u64 = 64 << 20;
/// How often it looks when use is near the limit.
const NEAR_INTERVAL: Duration = Duration::from_millis(15);

/// The watch of one sandbox with a memory control group.
pub(super) struct Watch {
    kind: WatchKind,
    usage: File,
    limit: File,
    swap: File,
    trip: File,
    /// Becomes readable when use passes the mark.
    alarm: Option<OwnedFd>,
    folders: Vec<PathBuf>,
    /// The programs' own limit.
    memory: u64,
    /// What lay in the folders when it was last looked.
    stored: u64,
    near: bool,
}

impl Watch {
    /// Takes the group's files as [`WatchKind`] lists them. `None` if there is nothing to watch.
    pub fn new(
        kind: WatchKind,
        fds: &mut impl Iterator<Item = OwnedFd>,
        folders: Vec<PathBuf>,
        memory: u64,
    ) -> Option<Watch> {
        let mut next = || fds.next().map(File::from);
        let (usage, limit, swap, trip) = (next()?, next()?, next()?, next()?);
        let alarm = if kind == WatchKind::Two { Some(next()?.into()) } else { None };
        let mut watch = Watch { kind, usage, limit, swap, trip, alarm, folders, memory, stored: 0, near: false };
        watch.look();
        Some(watch)
    }

    /// What to wait for.
    pub fn alarm(&self) -> Option<BorrowedFd<'_>> {
        self.alarm.as_ref().filter(|_| !self.near).map(AsFd::as_fd)
    }

    /// How long to wait at most before [`Watch::look`].
    pub fn interval(&self) -> Option<Duration> {
        self.near.then_some(NEAR_INTERVAL)
    }

    /// Changes the programs' own limit.
    pub fn set_memory(&mut self, bytes: u64) -> io::Result<()> {
        let set = self.set_limit(bytes + self.stored);
        self.memory = bytes;
        self.look();
        set
    }

    /// Looks at the folders and at the use of memory, and lets the limit follow.
    pub fn look(&mut self) {
        let stored = self.folders.iter().map(|folder| stored(folder)).sum();
        if stored != self.stored && self.set_limit(self.memory + stored).is_ok() {
            self.stored = stored;
        }
        let mark = self.memory + self.stored - MARGIN_BYTES.min(self.memory / 2);
        let was_near = std::mem::replace(&mut self.near, number(&mut self.usage) > mark);
        // A watch that cannot get alarms looks all the time.
        self.near |= match (was_near, self.near) {
            (_, false) => self.arm(mark).is_err(),
            (false, true) => self.disarm().is_err(),
            (true, true) => false,
        };
    }

    fn set_limit(&mut self, bytes: u64) -> io::Result<()> {
        let swap = if self.kind == WatchKind::Two { 0 } else { bytes };
        // Memory alone must never be above memory with swap: which goes first depends on the direction.
        let raised = put(&mut self.swap, &swap.to_string()).is_ok();
        put(&mut self.limit, &bytes.to_string())?;
        if !raised {
            // Kernels without swap accounting have no such limit.
            let _ = put(&mut self.swap, &swap.to_string());
        }
        Ok(())
    }

    fn arm(&mut self, mark: u64) -> io::Result<()> {
        if self.kind == WatchKind::Two {
            if let Some(alarm) = &self.alarm {
                // What has been read does not wake up again.
                let _ = io::read_to_string(File::from(alarm.try_clone()?));
            }
            return put(&mut self.trip, &mark.to_string());
        }
        // SAFETY: the descriptor is new and ours alone.
        let event = unsafe {
            let fd = crate::sys::check(libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK))?;
            OwnedFd::from_raw_fd(fd)
        };
        put(&mut self.trip, &format!("{} {} {mark}", event.as_raw_fd(), self.usage.as_raw_fd()))?;
        self.alarm = Some(event);
        Ok(())
    }

    /// The mark of version 2 slows programs down, and must be gone when it has served its purpose.
    fn disarm(&mut self) -> io::Result<()> {
        if self.kind == WatchKind::Two { put(&mut self.trip, "max") } else { Ok(()) }
    }
}

/// Bytes that lie in a memory-backed folder.
fn stored(folder: &std::path::Path) -> u64 {
    syscalls::used_bytes(folder).unwrap_or(0)
}

fn put(file: &mut File, text: &str) -> io::Result<()> {
    file.write_all(text.as_bytes())
}

fn number(file: &mut File) -> u64 {
    let mut text = String::new();
    let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_string(&mut text));
    read.ok().and_then(|_| text.trim().parse().ok()).unwrap_or(0)
}
