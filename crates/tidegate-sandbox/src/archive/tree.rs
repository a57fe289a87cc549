//! Making files below a folder, by descriptor and without ever following a link.

use super::Error;
use super::name::Name;
use crate::sys::check;
use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::path::Path;

/// A folder that files are made in.
pub(super) struct Tree {
    root: OwnedFd,
    /// The folders from the root to where the last entry was made: archives list neighbors one after another.
    open: Vec<(Vec<u8>, OwnedFd)>,
}

impl Tree {
    pub fn open(root: &Path) -> Result<Tree, Error> {
        Ok(Tree { root: File::open(root)?.into(), open: Vec::new() })
    }

    /// Makes a folder and those on the way to it.
    pub fn folder(&mut self, name: &Name, mode: u32) -> Result<(), Error> {
        let fd = self.enter(name, name.parts())?;
        // SAFETY: no memory is involved.
        Ok(check(unsafe { libc::fchmod(fd, mode as libc::mode_t) }).map(drop)?)
    }

    /// Makes an empty file in place of whatever file or link had the name.
    pub fn file(&mut self, name: &Name, mode: u32) -> Result<File, Error> {
        let folder = self.enter(name, name.folders())?;
        let last = text(name.last())?;
        let flags = libc::O_WRONLY | libc::O_CREAT | libc::O_EXCL | libc::O_NOFOLLOW | libc::O_CLOEXEC;
        // SAFETY: `last` outlives the call; the descriptor is new and owned by nobody else.
        let make =
            || unsafe { check(libc::openat(folder, last.as_ptr(), flags, 0o600)).map(|fd| File::from_raw_fd(fd)) };
        let file = self.replace(name, folder, make)?;
        // The umask must not take bits away.
        // SAFETY: no memory is involved.
        check(unsafe { libc::fchmod(file.as_raw_fd(), mode as libc::mode_t) })?;
        Ok(file)
    }

    /// Makes a symbolic link in place of whatever file or link had the name.
    pub fn link(&mut self, name: &Name, target: &[u8]) -> Result<(), Error> {
        let folder = self.enter(name, name.folders())?;
        let (last, target) = (text(name.last())?, text(target)?);
        // SAFETY: both strings outlive the call.
        let make = || check(unsafe { libc::symlinkat(target.as_ptr(), folder, last.as_ptr()) }).map(drop);
        self.replace(name, folder, make)
    }

    fn replace<T>(&self, name: &Name, folder: RawFd, make: impl Fn() -> io::Result<T>) -> Result<T, Error> {
        match make() {
            Err(why) if why.kind() == io::ErrorKind::AlreadyExists => {
                let last = text(name.last())?;
                // SAFETY: `last` outlives the call.
                check(unsafe { libc::unlinkat(folder, last.as_ptr(), 0) })
                    .map_err(|_| Error::Conflict(name.to_string()))?;
                Ok(make()?)
            }
            other => Ok(other?),
        }
    }

    /// Opens the folder with these parts, making what is missing.
    fn enter(&mut self, name: &Name, parts: &[Vec<u8>]) -> Result<RawFd, Error> {
        let same = self.open.iter().zip(parts).take_while(|((open, _), part)| open == *part).count();
        self.open.truncate(same);
        for part in &parts[same..] {
            let next = step(self.here(), part).map_err(|why| match why.raw_os_error() {
                Some(libc::ENOTDIR | libc::ELOOP | libc::EXDEV) => Error::Conflict(name.to_string()),
                _ => Error::Io(why),
            })?;
            self.open.push((part.clone(), next));
        }
        Ok(self.here())
    }

    fn here(&self) -> RawFd {
        self.open.last().map_or(&self.root, |(_, fd)| fd).as_raw_fd()
    }
}

fn text(bytes: &[u8]) -> io::Result<CString> {
    CString::new(bytes).map_err(|_| io::ErrorKind::InvalidInput.into())
}

/// Opens a folder in a folder, making it if it is missing.
fn step(folder: RawFd, part: &[u8]) -> io::Result<OwnedFd> {
    let part = text(part)?;
    match open_folder(folder, &part) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => {
            // SAFETY: `part` outlives the call.
            check(unsafe { libc::mkdirat(folder, part.as_ptr(), 0o755) })?;
            let made = open_folder(folder, &part)?;
            // SAFETY: no memory is involved. The umask must not take bits away.
            check(unsafe { libc::fchmod(made.as_raw_fd(), 0o755) })?;
            Ok(made)
        }
        other => other,
    }
}

const FOLDER: i32 = libc::O_RDONLY | libc::O_DIRECTORY | libc::O_NOFOLLOW | libc::O_CLOEXEC;

/// The kernel itself makes sure that the step stays below `folder` and follows no link. Kernels before 5.6 lack that
/// call; for the single plain names of [`Name`], `O_NOFOLLOW` says the same.
#[cfg(target_os = "linux")]
fn open_folder(folder: RawFd, part: &CString) -> io::Result<OwnedFd> {
    // SAFETY: zero is a valid value of every field.
    let mut how: libc::open_how = unsafe { std::mem::zeroed() };
    how.flags = FOLDER as u64;
    how.resolve = libc::RESOLVE_BENEATH | libc::RESOLVE_NO_SYMLINKS | libc::RESOLVE_NO_MAGICLINKS;
    // SAFETY: `part` and `how` outlive the call and the size is that of `how`.
    let fd =
        unsafe { libc::syscall(libc::SYS_openat2, folder, part.as_ptr(), &raw const how, size_of::<libc::open_how>()) };
    match check(fd) {
        // SAFETY: the descriptor is new and owned by nobody else.
        Ok(fd) => Ok(unsafe { OwnedFd::from_raw_fd(fd as RawFd) }),
        Err(why) if why.raw_os_error() == Some(libc::ENOSYS) => open_plain(folder, part),
        Err(why) => Err(why),
    }
}

#[cfg(not(target_os = "linux"))]
fn open_folder(folder: RawFd, part: &CString) -> io::Result<OwnedFd> {
    open_plain(folder, part)
}

fn open_plain(folder: RawFd, part: &CString) -> io::Result<OwnedFd> {
    // SAFETY: `part` outlives the call; the descriptor is new and owned by nobody else.
    unsafe { check(libc::openat(folder, part.as_ptr(), FOLDER)).map(|fd| OwnedFd::from_raw_fd(fd)) }
}
