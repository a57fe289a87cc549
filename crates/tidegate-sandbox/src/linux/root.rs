//! The file tree of a sandbox.
//!
//! The supervisor keeps the host's view in its own mount namespace and builds the sandbox's tree at one place in it.
//! Each program gets a copy of that namespace in which the tree is the root and everything else is gone. The tree is
//! *shared*, the copies follow it: what is mounted into it later appears in programs that run already. This works for
//! an ordinary user too, who could not move mounts between namespaces.

use super::syscalls::{self, NODEV, NOEXEC, NOSUID, RDONLY};
use crate::init::{Failure, Step};
use crate::protocol::{SetupMount, below};
use crate::spec::{Mount, MountKind};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{OpenOptionsExt, symlink};
use std::path::{Path, PathBuf};

/// Where the tree is built: a folder that every Linux system has and from which nothing is ever shown to programs.
const PLACE: &str = "/sys";

/// A size for the few names and generated files in the root.
const ROOT_OPTIONS: &str = "mode=755,size=8m,nr_inodes=4096";

const QUIET: libc::c_ulong = libc::MS_NOSUID | libc::MS_NODEV;

/// What programs have no business with in `/proc`, beyond what an unprivileged user cannot do there anyway.
const MASKED: [&str; 9] =
    ["kcore", "keys", "key-users", "kmsg", "sysrq-trigger", "timer_list", "kallsyms", "kpagecount", "kpageflags"];

/// Builds the tree. `sources` are the mounts that the server handed over, one for each `attached`.
pub(crate) fn build(mounts: &[SetupMount], sources: Vec<OwnedFd>) -> Result<(), Failure> {
    // Nothing that is done here may reach the host.
    syscalls::mount(None, Path::new("/"), libc::MS_REC | libc::MS_SLAVE, "").step("leave the host's mounts alone")?;
    syscalls::mount(Some(c"tmpfs"), Path::new(PLACE), QUIET, ROOT_OPTIONS).step("make the root folder")?;
    let mask = mask_file().step("make a mask")?;
    let mut sources = sources.into_iter();
    for SetupMount { mount, attached } in mounts {
        let source = if *attached { sources.next() } else { None };
        one(mount, source, &mask).step(&format!("mount {}", mount.target.display()))?;
    }
    fs::remove_file(&mask).step("remove the mask")?;
    let root = place().step("open the root folder")?;
    syscalls::set_attributes(root.as_fd(), RDONLY | NOSUID | NODEV, false).step("make the root read-only")?;
    syscalls::mount(None, Path::new(PLACE), libc::MS_SHARED, "").step("share the root")
}

/// Adds a read-only folder to the tree, and so to the programs that run.
pub(crate) fn add(target: &Path, source: &Path, attached: Option<OwnedFd>) -> io::Result<()> {
    bind(target, source, attached, RDONLY | NOSUID | NODEV)
}

/// For a program, in the child: makes the tree the root of a new mount namespace.
pub(crate) fn enter() -> io::Result<()> {
    syscalls::unshare(libc::CLONE_NEWNS)?;
    syscalls::mount(None, Path::new("/"), libc::MS_REC | libc::MS_SLAVE, "")?;
    std::env::set_current_dir(PLACE)?;
    syscalls::pivot_here()
}

/// A file of the host's view by its path in the tree, for the supervisor's own use.
pub(crate) fn seen_from_outside(target: &Path) -> Option<PathBuf> {
    below(Path::new(PLACE), target)
}

/// Connects a socket of a program to another one by name, as the program would: paths are looked up in its tree.
pub(crate) fn connect_unix(pid: u32, socket: BorrowedFd<'_>, address: &[u8]) -> io::Result<()> {
    let name = &address[2..];
    if name.first().is_none_or(|first| *first == 0) {
        // A name without a file belongs to the socket's network.
        return super::gate::connect_raw(socket, address);
    }
    let path = name.split(|byte| *byte == 0).next().unwrap_or_default();
    let folder = seen_from_outside(Path::new("/proc")).ok_or(io::ErrorKind::NotFound)?.join(pid.to_string());
    let open = |link: &str| {
        let file = File::options().read(true).custom_flags(libc::O_PATH).open(folder.join(link));
        file.map(OwnedFd::from)
    };
    let start = if path.starts_with(b"/") { open("root")? } else { open("cwd")? };
    let found = syscalls::open_below(start.as_fd(), Path::new(OsStr::from_bytes(path)))?;
    let found = format!("/proc/self/fd/{}", found.as_raw_fd());
    let mut short = (libc::AF_UNIX as u16).to_ne_bytes().to_vec();
    short.extend(found.bytes().chain([0]));
    super::gate::connect_raw(socket, &short)
}

fn place() -> io::Result<OwnedFd> {
    File::options().read(true).custom_flags(libc::O_PATH | libc::O_DIRECTORY).open(PLACE).map(OwnedFd::from)
}

fn mask_file() -> io::Result<PathBuf> {
    let path = Path::new(PLACE).join(".masked");
    File::options().write(true).create_new(true).mode(0o000).open(&path)?;
    Ok(path)
}

fn one(mount: &Mount, source: Option<OwnedFd>, mask: &Path) -> io::Result<()> {
    let target = &mount.target;
    let path = seen_from_outside(target).ok_or(io::ErrorKind::InvalidInput)?;
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    match &mount.kind {
        MountKind::ReadOnly(from) => bind_new(target, from, source, RDONLY | NOSUID | NODEV),
        MountKind::ReadWrite(from) => bind_new(target, from, source, NOSUID | NODEV),
        MountKind::Device(from) => bind_new(target, from, source, NOSUID | NOEXEC),
        MountKind::Tmpfs { bytes, inodes } => {
            fs::create_dir_all(&path)?;
            syscalls::mount(Some(c"tmpfs"), &path, QUIET, &format!("mode=1777,size={bytes},nr_inodes={inodes}"))
        }
        MountKind::Directory => fs::create_dir_all(&path),
        MountKind::File(contents) => fs::write(&path, contents),
        MountKind::Symlink(text) => symlink(text, &path),
        MountKind::Proc => {
            fs::create_dir_all(&path)?;
            proc(&path, target, mask)
        }
    }
}

/// Binds a folder or file of the host, making the place for it if there is none.
fn bind_new(target: &Path, from: &Path, source: Option<OwnedFd>, attributes: u64) -> io::Result<()> {
    let path = seen_from_outside(target).ok_or(io::ErrorKind::InvalidInput)?;
    if !path.exists() {
        let folder = match &source {
            Some(fd) => File::from(fd.try_clone()?).metadata()?.is_dir(),
            None => fs::metadata(from)?.is_dir(),
        };
        if folder { fs::create_dir(&path)? } else { File::create_new(&path).map(drop)? }
    }
    bind(target, from, source, attributes)
}

fn bind(target: &Path, from: &Path, source: Option<OwnedFd>, attributes: u64) -> io::Result<()> {
    let source = match source {
        Some(source) => source,
        None => syscalls::open_tree(from)?,
    };
    syscalls::set_attributes(source.as_fd(), attributes, true)?;
    attach(source.as_fd(), target)
}

fn attach(source: BorrowedFd<'_>, target: &Path) -> io::Result<()> {
    let root = place()?;
    let at = syscalls::open_below(root.as_fd(), target)?;
    syscalls::attach(source, at.as_fd())
}

/// The sandbox's own processes, read-only; what is not for programs is covered by a file that nobody can open.
fn proc(path: &Path, target: &Path, mask: &Path) -> io::Result<()> {
    let flags = QUIET | libc::MS_NOEXEC | libc::MS_RDONLY;
    syscalls::mount(Some(c"proc"), path, flags, "hidepid=2")?;
    for name in MASKED.iter().filter(|name| path.join(name).exists()) {
        bind(&target.join(name), mask, None, RDONLY | NOSUID | NODEV | NOEXEC)?;
    }
    Ok(())
}
