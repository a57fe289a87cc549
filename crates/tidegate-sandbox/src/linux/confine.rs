//! Turns a fresh process into a confined one, step by step, before it runs its program. The order matters: each step
//! needs rights that a later one takes away.

use super::{capabilities, gate, landlock, root, seccomp, syscalls};
use crate::init::{Failure, Step};
use crate::layer::Layer;
use crate::protocol::Setup;
use crate::spec::MountKind;
use crate::sys::check;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::ptr;

/// Joins the control groups. First of all, so that all else counts already.
pub(crate) fn join(groups: &[OwnedFd]) -> io::Result<()> {
    // The kernel takes 0 for the process that writes, whatever its number is outside.
    groups.iter().try_for_each(|group| File::from(group.try_clone()?).write_all(b"0"))
}

/// Changes what the process sees and who it is. `network` is the sandbox's, if the supervisor is not in it.
pub(crate) fn enter(setup: &Setup, network: Option<&OwnedFd>) -> Result<(), Failure> {
    network.map_or(Ok(()), gate::enter).step("enter the network")?;
    if setup.layers.has(Layer::Mount) {
        root::enter().step("enter the file tree")?;
    }
    if setup.layers.has(Layer::User) {
        // Hides where the groups are. Not worth failing for: kernels may be built without.
        let _ = syscalls::unshare(libc::CLONE_NEWCGROUP);
    }
    capabilities::drop_bounding();
    if changes_user(setup) {
        become_user(setup.user.uid, setup.user.gid).step("change the user")?;
    }
    capabilities::drop_all().step("drop capabilities")
}

/// Takes away what the program may never have. The last step before it runs; `first_closed` is the first descriptor
/// that it does not get.
///
/// Answers the descriptor at which calls for the gate arrive, if there is one.
pub(crate) fn lock(setup: &Setup, first_closed: u32) -> Result<Option<OwnedFd>, Failure> {
    syscalls::prctl(libc::PR_SET_NO_NEW_PRIVS, 1).step("rule out new privileges")?;
    if !setup.layers.has(Layer::Pid) {
        // Without a process namespace, at least the program itself ends with its supervisor.
        syscalls::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong).step("follow the supervisor")?;
    }
    // Where the call is missing, every descriptor of the supervisor is marked anyway.
    let _ = syscalls::close_from(first_closed, true);
    if setup.layers.has(Layer::Landlock) && setup.layers.has(Layer::Mount) {
        landlock::apply(writable(setup)).step("apply landlock")?;
    }
    if setup.layers.has(Layer::Seccomp) {
        return seccomp::apply(setup.outward.is_some()).step("apply the system call filter");
    }
    Ok(None)
}

fn writable(setup: &Setup) -> impl Iterator<Item = &Path> {
    let meant = |kind: &MountKind| matches!(kind, MountKind::Tmpfs { .. } | MountKind::ReadWrite(_));
    setup.mounts.iter().filter(move |item| meant(&item.mount.kind)).map(|item| item.mount.target.as_path())
}

/// Whether programs run as somebody else than the supervisor: always when the server is root.
pub(crate) fn changes_user(setup: &Setup) -> bool {
    // SAFETY: cannot fail and involves no memory.
    let uid = unsafe { libc::getuid() };
    uid == 0 && setup.user.uid != 0
}

/// Leaves all groups and becomes this user for good.
pub(crate) fn become_user(uid: u32, gid: u32) -> io::Result<()> {
    // SAFETY: no memory is involved: the list of groups is empty.
    unsafe {
        check(libc::setgroups(0, ptr::null()))?;
        check(libc::setresgid(gid, gid, gid))?;
        check(libc::setresuid(uid, uid, uid)).map(drop)
    }
}
