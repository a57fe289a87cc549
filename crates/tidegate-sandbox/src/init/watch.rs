//! The memory limit's watch.
//!
//! What programs write to their temporary folder lies in memory, and the kernel counts it as theirs. It should not
//! count against their memory limit, so the kernel's limit must follow the folder's size: it is always the programs'
//! limit plus what lies in the folder. The kernel gives an alarm when use comes near the limit and at each further step;
//! only when there is no room for a step, the watch looks by itself, rarely if nothing changes.

use crate::linux::syscalls;
use crate::protocol::WatchKind;
use crate::sys::Wait;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::path::PathBuf;
use std::time::Duration;

/// How near to the limit the first alarm is.
const MARGIN_BYTES: u64 = 64 << 20;
/// How much use may grow until the next alarm.
const STEP_BYTES: u64 = 8 << 20;
/// How often the watch looks where there is no room for a step, at first.
const LOOK_INTERVAL: Duration = Duration::from_millis(15);
/// And how often if nothing changes.
const LOOK_INTERVAL_MAX: Duration = Duration::from_millis(240);

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
    /// The use of memory then.
    used: u64,
    /// How long to wait until the next look, if there will be no alarm.
    interval: Option<Duration>,
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
        let (stored, used, interval) = (0, 0, None);
        let mut watch = Watch { kind, usage, limit, swap, trip, alarm, folders, memory, stored, used, interval };
        watch.look();
        Some(watch)
    }

    /// What to wait for.
    pub fn alarm(&self) -> Option<Wait<'_>> {
        let alarm = self.alarm.as_ref().filter(|_| self.interval.is_none())?.as_fd();
        Some(if self.kind == WatchKind::Two { Wait::Change(alarm) } else { Wait::Data(alarm) })
    }

    /// How long to wait at most before [`Watch::look`].
    pub fn interval(&self) -> Option<Duration> {
        self.interval
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
        let limit = self.memory + self.stored;
        let before = std::mem::replace(&mut self.used, number(&mut self.usage));
        let mark = (self.used + STEP_BYTES).max(limit - MARGIN_BYTES.min(self.memory / 2));
        let armed = mark < limit && self.arm(mark).is_ok();
        self.interval = match self.interval {
            _ if armed => None,
            None => {
                // The mark of version 2 slows programs down, and has served its purpose.
                let _ = self.disarm();
                Some(LOOK_INTERVAL)
            }
            Some(now) if before == self.used => Some((now * 2).min(LOOK_INTERVAL_MAX)),
            Some(_) => Some(LOOK_INTERVAL),
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
                // Only what happens after the file was read from its beginning counts as a change.
                let mut events = File::from(alarm.try_clone()?);
                events.seek(SeekFrom::Start(0))?;
                io::read_to_string(events)?;
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
