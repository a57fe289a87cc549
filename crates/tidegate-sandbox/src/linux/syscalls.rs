//! System calls that the C library has no function for, in safe form.

use crate::sys::{c_string, check};
use std::ffi::CStr;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::path::Path;
use std::ptr;

/// Attributes of a mount: read-only, no setuid bits, no devices, no programs.
pub(crate) const RDONLY: u64 = libc::MOUNT_ATTR_RDONLY;
pub(crate) const NOSUID: u64 = libc::MOUNT_ATTR_NOSUID;
pub(crate) const NODEV: u64 = libc::MOUNT_ATTR_NODEV;
pub(crate) const NOEXEC: u64 = libc::MOUNT_ATTR_NOEXEC;

/// Flags of `move_mount` that the C library does not name: take the descriptors themselves, no paths.
const MOVE_BOTH_EMPTY: libc::c_uint = 0x04 | 0x40;

const EMPTY: &CStr = c"";

fn owned(result: libc::c_long) -> io::Result<OwnedFd> {
    // SAFETY: only used for calls that answer a new descriptor owned by nobody else.
    check(result).map(|fd| unsafe { OwnedFd::from_raw_fd(fd as RawFd) })
}

/// A copy of the mount at a path with everything mounted below it, attached nowhere yet (Linux 5.2).
pub(crate) fn open_tree(path: &Path) -> io::Result<OwnedFd> {
    let path = c_string(path)?;
    let flags = libc::OPEN_TREE_CLONE | libc::OPEN_TREE_CLOEXEC | libc::AT_RECURSIVE as libc::c_uint;
    // SAFETY: the path outlives the call.
    owned(unsafe { libc::syscall(libc::SYS_open_tree, libc::AT_FDCWD, path.as_ptr(), flags) })
}

/// Adds attributes to a mount, or to it and all below it, and cuts the latter off from what happens to the originals
/// (Linux 5.12).
pub(crate) fn set_attributes(mount: BorrowedFd<'_>, attributes: u64, recursive: bool) -> io::Result<()> {
    let propagation = if recursive { libc::MS_PRIVATE } else { 0 };
    let attr = libc::mount_attr { attr_set: attributes, attr_clr: 0, propagation, userns_fd: 0 };
    let flags = libc::AT_EMPTY_PATH | if recursive { libc::AT_RECURSIVE } else { 0 };
    // SAFETY: path and structure outlive the call; the size is that of the structure.
    check(unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            mount.as_raw_fd(),
            EMPTY.as_ptr(),
            flags,
            &raw const attr,
            size_of::<libc::mount_attr>(),
        )
    })
    .map(drop)
}

/// Attaches a mount from [`open_tree`] at a place.
pub(crate) fn attach(mount: BorrowedFd<'_>, place: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: the paths are static.
    check(unsafe {
        libc::syscall(
            libc::SYS_move_mount,
            mount.as_raw_fd(),
            EMPTY.as_ptr(),
            place.as_raw_fd(),
            EMPTY.as_ptr(),
            MOVE_BOTH_EMPTY,
        )
    })
    .map(drop)
}

/// Opens a place below `root`, which links are also resolved against (Linux 5.6).
pub(crate) fn open_below(root: BorrowedFd<'_>, path: &Path) -> io::Result<OwnedFd> {
    let path = c_string(path)?;
    // SAFETY: zero is a valid value of every field.
    let mut how: libc::open_how = unsafe { std::mem::zeroed() };
    how.flags = (libc::O_PATH | libc::O_CLOEXEC) as u64;
    how.resolve = libc::RESOLVE_IN_ROOT | libc::RESOLVE_NO_MAGICLINKS;
    // SAFETY: path and structure outlive the call; the size is that of the structure.
    owned(unsafe {
        libc::syscall(libc::SYS_openat2, root.as_raw_fd(), path.as_ptr(), &raw const how, size_of::<libc::open_how>())
    })
}

/// `mount(2)`.
pub(crate) fn mount(kind: Option<&CStr>, at: &Path, flags: libc::c_ulong, options: &str) -> io::Result<()> {
    let (at, options) = (c_string(at)?, c_string(options)?);
    let kind = kind.map_or(ptr::null(), CStr::as_ptr);
    // SAFETY: all strings outlive the call; null is allowed for the kind where the flags change a mount.
    check(unsafe { libc::mount(kind, at.as_ptr(), kind, flags, options.as_ptr().cast()) }).map(drop)
}

/// Makes the working directory the root of everything and lets go of the old root.
pub(crate) fn pivot_here() -> io::Result<()> {
    let here = c".";
    // SAFETY: the paths are static. The old root is stacked on the new one by this, and then removed from it.
    unsafe {
        check(libc::syscall(libc::SYS_pivot_root, here.as_ptr(), here.as_ptr()))?;
        check(libc::umount2(here.as_ptr(), libc::MNT_DETACH))?;
        check(libc::chdir(c"/".as_ptr())).map(drop)
    }
}

/// Bytes in use on the file system at a path.
pub(crate) fn used_bytes(path: &Path) -> io::Result<u64> {
    let path = c_string(path)?;
    // SAFETY: an all-zero structure is valid; path and structure outlive the call.
    unsafe {
        let mut found: libc::statvfs = std::mem::zeroed();
        check(libc::statvfs(path.as_ptr(), &raw mut found))?;
        Ok((found.f_blocks - found.f_bfree).saturating_mul(found.f_frsize))
    }
}

/// A short extended attribute of a file; `None` if it has none of that name, or one that may not be read.
pub(crate) fn attribute(path: &Path, name: &str) -> Option<Vec<u8>> {
    let (path, name) = (c_string(path).ok()?, std::ffi::CString::new(name).ok()?);
    let mut value = vec![0u8; 64];
    // SAFETY: both strings outlive the call; pointer and length describe `value`.
    let length = unsafe { libc::getxattr(path.as_ptr(), name.as_ptr(), value.as_mut_ptr().cast(), value.len()) };
    value.truncate(usize::try_from(length).ok()?);
    Some(value)
}

/// Sets an extended attribute, for a test; whether that was possible.
#[cfg(test)]
pub(crate) fn set_attribute(path: &Path, name: &str, value: &[u8]) -> bool {
    let (Ok(path), Ok(name)) = (c_string(path), std::ffi::CString::new(name)) else { return false };
    // SAFETY: both strings outlive the call; pointer and length describe `value`.
    unsafe { libc::setxattr(path.as_ptr(), name.as_ptr(), value.as_ptr().cast(), value.len(), 0) == 0 }
}

/// Leaves the namespaces named by `flags` for new ones.
pub(crate) fn unshare(flags: libc::c_int) -> io::Result<()> {
    // SAFETY: no memory is involved.
    check(unsafe { libc::unshare(flags) }).map(drop)
}

/// `prctl` with one plain argument.
pub(crate) fn prctl(option: libc::c_int, value: libc::c_ulong) -> io::Result<()> {
    // SAFETY: the options used take numbers only.
    check(unsafe { libc::prctl(option, value, 0, 0, 0) }).map(drop)
}

/// Closes every descriptor from `first` on, or marks them to be closed by `execve` (Linux 5.9; 5.11 for the latter).
pub(crate) fn close_from(first: libc::c_uint, on_exec: bool) -> io::Result<()> {
    let flags = if on_exec { libc::CLOSE_RANGE_CLOEXEC } else { 0 };
    // SAFETY: the callers know that nothing in this process owns the descriptors or uses them afterwards.
    check(unsafe { libc::syscall(libc::SYS_close_range, first, libc::c_uint::MAX, flags) }).map(drop)
}
