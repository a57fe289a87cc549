//! Programs that run, and what is told of them.

use std::os::fd::OwnedFd;

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
    /// The reading end of its standard error, unless [`crate::Program::joined`] was set.
    pub stderr: Option<OwnedFd>,
    /// The other ends of its descriptors 3 and 4, if [`crate::Program::channel`] was set.
    pub channel: Option<Channel>,
}

/// Two pipes from and to a program.
#[derive(Debug)]
pub struct Channel {
    /// What the program writes to its descriptor 4.
    pub from: OwnedFd,
    /// What the program reads from its descriptor 3.
    pub to: OwnedFd,
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
