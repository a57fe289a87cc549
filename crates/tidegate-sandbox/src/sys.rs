//! Thin safe forms of the system calls that every Unix has.

use std::ffi::{CString, OsStr};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

/// The result of a system call that answers -1 and `errno` on failure.
pub(crate) fn check<T: Into<i64> + Copy>(result: T) -> io::Result<T> {
    if result.into() == -1 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// A C string of an argument or a path; an inner NUL is an error.
pub(crate) fn c_string(text: impl AsRef<OsStr>) -> io::Result<CString> {
    CString::new(text.as_ref().as_bytes()).map_err(|_| io::ErrorKind::InvalidInput.into())
}

/// What to wait for at a descriptor.
#[derive(Clone, Copy)]
pub(crate) enum Wait<'a> {
    /// Something to read, or the other end being closed.
    Data(BorrowedFd<'a>),
    /// A change of a file of the kernel's, which can always be read.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only Linux has such files"))]
    Change(BorrowedFd<'a>),
}

impl Wait<'_> {
    fn entry(self) -> libc::pollfd {
        let (fd, events) = match self {
            Wait::Data(fd) => (fd, libc::POLLIN),
            Wait::Change(fd) => (fd, libc::POLLPRI),
        };
        libc::pollfd { fd: fd.as_raw_fd(), events, revents: 0 }
    }
}

/// Waits until one of these happens; tells which. `None` waits forever.
pub(crate) fn poll(waits: &[Wait<'_>], patience: Option<Duration>) -> io::Result<Vec<bool>> {
    let mut entries: Vec<libc::pollfd> = waits.iter().map(|wait| wait.entry()).collect();
    let wait_ms = patience.map_or(-1, |wait| i32::try_from(wait.as_millis()).unwrap_or(i32::MAX));
    // SAFETY: the pointer and length describe the vector, which outlives the call.
    match check(unsafe { libc::poll(entries.as_mut_ptr(), entries.len() as _, wait_ms) }) {
        Err(why) if why.kind() == io::ErrorKind::Interrupted => Ok(vec![false; waits.len()]),
        Err(why) => Err(why),
        Ok(_) => Ok(entries.iter().map(|entry| entry.revents != 0).collect()),
    }
}

/// Makes `to` refer to what `from` refers to, without the close-on-exec mark.
pub(crate) fn duplicate_to(from: RawFd, to: RawFd) -> io::Result<()> {
    if from == to {
        // SAFETY: changes a flag of a descriptor; no memory is involved.
        return check(unsafe { libc::fcntl(to, libc::F_SETFD, 0) }).map(drop);
    }
    // SAFETY: descriptors only; the callers own `to` or know that nobody does.
    check(unsafe { libc::dup2(from, to) }).map(drop)
}

/// Moves a descriptor to a number of at least `floor`, so that the lower numbers can be given out anew.
pub(crate) fn move_above(fd: &OwnedFd, floor: RawFd) -> io::Result<OwnedFd> {
    // SAFETY: the new descriptor is owned by nobody else.
    unsafe { Ok(OwnedFd::from_raw_fd(check(libc::fcntl(fd.as_raw_fd(), libc::F_DUPFD_CLOEXEC, floor))?)) }
}

/// Sends a signal to a process, to a group (negative) or to all (-1).
pub(crate) fn kill(pid: libc::pid_t, signal: i32) -> io::Result<()> {
    // SAFETY: no memory is involved.
    check(unsafe { libc::kill(pid, signal) }).map(drop)
}

/// Forgets which signals this process ignores or handles: programs expect to find them as the system made them.
pub(crate) fn default_signals() {
    for signal in 1..=64 {
        // SAFETY: no handler is installed; the two signals that cannot be changed answer an error.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
}

/// A child that ended, if there is one: its process id and its `waitpid` status. `Err` with `ECHILD`: no children.
pub(crate) fn reap(block: bool) -> io::Result<Option<(libc::pid_t, i32)>> {
    let mut status = 0;
    let flags = if block { 0 } else { libc::WNOHANG };
    loop {
        // SAFETY: `status` outlives the call.
        match check(unsafe { libc::waitpid(-1, &raw mut status, flags) }) {
            Ok(0) => return Ok(None),
            Ok(pid) => return Ok(Some((pid, status))),
            Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
            Err(why) => return Err(why),
        }
    }
}

/// How the C library types the names of resource limits.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) type Resource = libc::__rlimit_resource_t;
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) type Resource = libc::c_int;

/// Sets the soft and hard value of a resource limit, the hard one not above what it is already.
pub(crate) fn set_limit(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let mut now = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `now` outlives the calls.
    unsafe {
        check(libc::getrlimit(resource, &raw mut now))?;
        let hard = hard.min(now.rlim_max);
        let next = libc::rlimit { rlim_cur: soft.min(hard), rlim_max: hard };
        check(libc::setrlimit(resource, &raw const next)).map(drop)
    }
}

/// Whether the descriptor can be read before `wait` is over.
pub(crate) fn readable(fd: &impl AsFd, wait: Duration) -> io::Result<bool> {
    Ok(poll(&[Wait::Data(fd.as_fd())], Some(wait))?[0])
}
