//! Landlock: a second fence around files. Even if a way past the mount namespace were found, writing stays confined to
//! the places that are meant for it.

use crate::sys::{c_string, check};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::path::Path;

const EXECUTE: u64 = 1;
const WRITE_FILE: u64 = 1 << 1;
const READ_FILE: u64 = 1 << 2;
const READ_DIR: u64 = 1 << 3;
const TRUNCATE: u64 = 1 << 14;
const IOCTL_DEVICE: u64 = 1 << 15;

const READ: u64 = EXECUTE | READ_FILE | READ_DIR;

/// Number of rights on files that each version of the interface knows; later versions add other things.
const RIGHTS: [u32; 5] = [13, 14, 15, 15, 16];

#[repr(C)]
struct Ruleset {
    handled: u64,
}

#[repr(C, packed)]
struct PathRule {
    allowed: u64,
    parent: RawFd,
}

/// The version of the interface; 0 where there is none.
pub(crate) fn version() -> u32 {
    const VERSION: libc::c_ulong = 1;
    // SAFETY: with this flag the call takes no structure.
    let answer = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, std::ptr::null::<u8>(), 0, VERSION) };
    u32::try_from(answer).unwrap_or(0)
}

fn all_rights() -> u64 {
    let known = RIGHTS[(version() as usize).clamp(1, RIGHTS.len()) - 1];
    (1 << known) - 1
}

/// Lets this process and all that it starts write only below `writable` and to devices, for ever. Needs `no_new_privs`.
pub(crate) fn apply<'a>(writable: impl Iterator<Item = &'a Path>) -> io::Result<()> {
    let all = all_rights();
    let ruleset = Ruleset { handled: all };
    // SAFETY: the structure outlives the call and the size is its own; the descriptor is new and ours alone.
    let rules = unsafe {
        let size = size_of::<Ruleset>();
        let fd = check(libc::syscall(libc::SYS_landlock_create_ruleset, &raw const ruleset, size, 0))?;
        OwnedFd::from_raw_fd(fd as RawFd)
    };
    allow(&rules, Path::new("/"), READ & all)?;
    for place in writable {
        allow(&rules, place, all)?;
    }
    if Path::new("/dev").exists() {
        allow(&rules, Path::new("/dev"), all & (READ | WRITE_FILE | TRUNCATE | IOCTL_DEVICE))?;
    }
    // SAFETY: no memory is involved.
    check(unsafe { libc::syscall(libc::SYS_landlock_restrict_self, rules.as_raw_fd(), 0) }).map(drop)
}

fn allow(rules: &OwnedFd, place: &Path, rights: u64) -> io::Result<()> {
    const PATH_BENEATH: libc::c_ulong = 1;
    let path = c_string(place)?;
    // SAFETY: path and rule outlive the calls; the descriptor is new and ours alone.
    unsafe {
        let parent = check(libc::open(path.as_ptr(), libc::O_PATH | libc::O_CLOEXEC))?;
        let parent = OwnedFd::from_raw_fd(parent);
        let rule = PathRule { allowed: rights, parent: parent.as_raw_fd() };
        let added = libc::syscall(libc::SYS_landlock_add_rule, rules.as_raw_fd(), PATH_BENEATH, &raw const rule, 0);
        check(added).map(drop)
    }
}
