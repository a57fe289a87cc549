//! Capabilities: keeping them for the supervisor, dropping them for programs.

use crate::sys::check;
use std::io;

#[repr(C)]
struct Header {
    version: u32,
    pid: i32,
}

#[derive(Clone, Copy, Default)]
#[repr(C)]
struct Sets {
    effective: u32,
    permitted: u32,
    inheritable: u32,
}

/// `_LINUX_CAPABILITY_VERSION_3`: two words for each set.
const VERSION: u32 = 0x2008_0522;
/// More than the kernel has; it refuses the ones it does not know.
const HIGHEST: libc::c_ulong = 63;

/// Lets all capabilities survive the next `execve` although the user is not root. Makes system calls only, so that it
/// may run in a child that shares its parent's memory; what fails is missed later.
pub(crate) fn keep_over_exec() {
    let header = Header { version: VERSION, pid: 0 };
    let mut sets = [Sets::default(); 2];
    // SAFETY: header and sets have the layout of version 3 and outlive the calls; prctl takes numbers only.
    unsafe {
        libc::syscall(libc::SYS_capget, &raw const header, sets.as_mut_ptr());
        sets.iter_mut().for_each(|set| set.inheritable = set.permitted);
        libc::syscall(libc::SYS_capset, &raw const header, sets.as_ptr());
        for capability in 0..=HIGHEST {
            libc::prctl(libc::PR_CAP_AMBIENT, libc::PR_CAP_AMBIENT_RAISE as libc::c_ulong, capability, 0, 0);
        }
    }
}

/// Makes it impossible to get a capability by running a program. To be called before the identity is changed.
pub(crate) fn drop_bounding() {
    for capability in 0..=HIGHEST {
        match super::syscalls::prctl(libc::PR_CAPBSET_DROP, capability) {
            // The kernel has no more.
            Err(why) if why.raw_os_error() == Some(libc::EINVAL) => return,
            // Or it refuses, because the process has none anyway.
            _ => {}
        }
    }
}

/// Drops all capabilities that the process has.
pub(crate) fn drop_all() -> io::Result<()> {
    let header = Header { version: VERSION, pid: 0 };
    let none = [Sets::default(); 2];
    // SAFETY: header and sets have the layout of version 3 and outlive the call; prctl takes numbers only.
    unsafe {
        check(libc::prctl(libc::PR_CAP_AMBIENT, libc::PR_CAP_AMBIENT_CLEAR_ALL as libc::c_ulong, 0, 0, 0))?;
        check(libc::syscall(libc::SYS_capset, &raw const header, none.as_ptr())).map(drop)
    }
}
