//! Starting a supervisor where there are no namespaces.

use crate::error::Error;
use crate::init;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// Starts a supervisor with its two sockets.
pub(crate) fn launch(control: &OwnedFd, events: &OwnedFd) -> Result<Child, Error> {
    let program = std::env::current_exe().map_err(|why| Error::System("find the server's own program", why))?;
    let high = |fd: &OwnedFd| crate::sys::move_above(fd, 16).map_err(|why| Error::System("copy a descriptor", why));
    let (control, events) = (high(control)?, high(events)?);
    let mut command = Command::new(program);
    command.arg0(init::NAME).env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // SAFETY: the closure only makes system calls on descriptors that it owns.
    unsafe {
        command.pre_exec(move || {
            crate::sys::duplicate_to(control.as_raw_fd(), init::CONTROL_FD)?;
            crate::sys::duplicate_to(events.as_raw_fd(), init::EVENTS_FD)
        });
    }
    command.spawn().map_err(|why| Error::System("start a supervisor", why))
}
