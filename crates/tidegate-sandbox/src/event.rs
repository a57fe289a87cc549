//! Programs that run, and what is told of them.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;

/// A number that names one program of a sandbox; never used twice in the same sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProgramId(pub(crate) u32);

/// A program that was started. The descriptors are in blocking mode.
#[derive(Debug)]
pub struct Process {
    /// Its number, for [`crate::Sandbox::signal`] and [`Event::Exited`].
    pub id: ProgramId,
    /// The reading end of its standard output.
    pub stdout: OwnedFd,
    /// The reading end of its standard error.
    pub stderr: OwnedFd,
    /// The other end of its descriptor 3, if [`crate::Program::channel`] was set.
    pub channel: Option<UnixStream>,
}

/// What happened in a sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A program ended. Processes that it left behind may still run: see [`crate::Sandbox::kill_all`].
    Exited {
        /// Which.
        program: ProgramId,
        /// How.
        status: Status,
        /// Whether the memory limit was the reason.
        out_of_memory: bool,
    },
    /// The whole sandbox is gone.
    Gone,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// With this exit code.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

impl Status {
    pub(crate) fn from_wait(status: i32) -> Status {
        if libc::WIFSIGNALED(status) {
            Status::Signal(libc::WTERMSIG(status))
        } else {
            Status::Code(libc::WEXITSTATUS(status))
        }
    }
}
