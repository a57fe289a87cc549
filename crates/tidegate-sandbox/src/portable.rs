//! The system's side where there is no Linux: a supervisor that is an ordinary process. What sandboxes lack here is
//! told by [`crate::probe`].

use crate::error::Error;
use crate::init;
use crate::layer::Layers;
use crate::protocol::WatchKind;
use crate::spec::{Limits, Mount, User};
use crate::sys;
use std::convert::Infallible;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A supervisor process.
#[derive(Debug)]
pub(crate) struct Supervisor(Mutex<Child>);

impl Supervisor {
    /// Kills it, but not what it supervises.
    pub fn kill(&self) {
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).kill();
    }

    /// Waits for its end.
    pub fn wait(&self) {
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).wait();
    }
}

/// Starts a supervisor with its two sockets.
pub(crate) fn launch(_: Layers, control: &OwnedFd, events: &OwnedFd) -> Result<Supervisor, Error> {
    let program = std::env::current_exe().map_err(|why| Error::System("find the server's own program", why))?;
    let high = |fd: &OwnedFd| sys::move_above(fd, 16).map_err(|why| Error::System("copy a descriptor", why));
    let (control, events) = (high(control)?, high(events)?);
    let mut command = Command::new(program);
    command.arg0(init::NAME).env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // SAFETY: the closure only makes system calls on descriptors that it owns.
    unsafe {
        command.pre_exec(move || {
            sys::duplicate_to(control.as_raw_fd(), init::CONTROL_FD)?;
            sys::duplicate_to(events.as_raw_fd(), init::EVENTS_FD)
        });
    }
    let child = command.spawn().map_err(|why| Error::System("start a supervisor", why))?;
    Ok(Supervisor(Mutex::new(child)))
}

/// Programs are whoever the server is.
pub(crate) fn identify(_: &Supervisor, user: &User, _: Layers) -> Result<User, Error> {
    Ok(user.clone())
}

/// There are no layers.
pub(crate) fn consistent(_: Layers) -> Layers {
    Layers::default()
}

/// There are no mounts to hand over.
pub(crate) fn sources(mounts: &[Mount], _: Layers) -> Result<Vec<Option<OwnedFd>>, Error> {
    Ok(mounts.iter().map(|_| None).collect())
}

/// There are no mounts to hand over.
pub(crate) fn source(_: &Path, _: Layers) -> Result<Option<OwnedFd>, Error> {
    Ok(None)
}

/// A control group, of which there are none here.
#[derive(Debug)]
pub(crate) struct Group(Infallible);

impl Group {
    pub fn make(_: Layers, _: &Limits) -> Result<Option<Group>, Error> {
        Ok(None)
    }
    pub fn doors(&self) -> io::Result<Vec<OwnedFd>> {
        match self.0 {}
    }
    pub fn watch(&self) -> io::Result<(WatchKind, Vec<OwnedFd>)> {
        match self.0 {}
    }
    pub fn thaw_file(&self) -> io::Result<Option<OwnedFd>> {
        match self.0 {}
    }
    pub fn set_memory(&self, _: u64) -> io::Result<()> {
        match self.0 {}
    }
    pub fn set_cpu(&self, _: u32) -> io::Result<()> {
        match self.0 {}
    }
    pub fn memory_peak(&self) -> Option<u64> {
        match self.0 {}
    }
    pub fn memory_kills(&self) -> u64 {
        match self.0 {}
    }
    pub fn cpu_time(&self) -> Option<Duration> {
        match self.0 {}
    }
    pub fn freeze(&self, _: bool) -> io::Result<bool> {
        match self.0 {}
    }
    pub fn started(&self) {
        match self.0 {}
    }
    pub fn kill(&self) {
        match self.0 {}
    }
    pub fn remove(&self, _: Duration) {
        match self.0 {}
    }
}
