//! The files beneath the store, behind traits, so that tests can put a disk there that tears, drops and refuses.
//!
//! Paths are relative to the store's directory, with `/` between their parts; `""` is the directory itself.

use std::{io, sync::Arc};

/// A directory tree with the operations that the store needs, and no others.
pub trait Storage: Send + Sync + 'static {
    /// Makes a directory, unless it is there.
    ///
    /// # Errors
    /// The system's.
    fn create_dir(&self, path: &str) -> io::Result<()>;

    /// Makes a file for reading and writing; one that is there is emptied.
    ///
    /// # Errors
    /// The system's.
    fn create(&self, path: &str) -> io::Result<Arc<dyn File>>;

    /// Opens a file for reading and writing.
    ///
    /// # Errors
    /// The system's; `NotFound` if there is none.
    fn open(&self, path: &str) -> io::Result<Arc<dyn File>>;

    /// The names in a directory, in any order.
    ///
    /// # Errors
    /// The system's; `NotFound` if there is none.
    fn list(&self, dir: &str) -> io::Result<Vec<String>>;

    /// Gives a file another name, in place of what had that name.
    ///
    /// # Errors
    /// The system's.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file's name; who has it open can go on reading.
    ///
    /// # Errors
    /// The system's.
    fn remove(&self, path: &str) -> io::Result<()>;

    /// Returns once the directory's names are on disk.
    ///
    /// # Errors
    /// The system's; afterwards nothing is known about any of them.
    fn sync_dir(&self, dir: &str) -> io::Result<()>;

    /// A number that nobody can guess.
    fn random(&self) -> u64;
}

/// An open file. Reads and writes name their place, so that threads can share it.
#[expect(clippy::len_without_is_empty, reason = "nobody asks whether a file is empty")]
pub trait File: Send + Sync {
    /// Fills the buffer from this offset.
    ///
    /// # Errors
    /// The system's; `UnexpectedEof` if the file ends before.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()>;

    /// Writes all bytes at this offset. After an error any part of them may have been written.
    ///
    /// # Errors
    /// The system's.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;

    /// The file's length in bytes.
    ///
    /// # Errors
    /// The system's.
    fn len(&self) -> io::Result<u64>;

    /// Returns once everything written before is on disk (`fdatasync`).
    ///
    /// # Errors
    /// The system's; afterwards nothing is known about what was written, and a second try proves nothing.
    fn sync(&self) -> io::Result<()>;
}

/// The whole content of a file.
pub(crate) fn read_all(file: &dyn File) -> io::Result<Vec<u8>> {
    let len = usize::try_from(file.len()?).map_err(io::Error::other)?;
    let mut bytes = vec![0; len];
    file.read_at(&mut bytes, 0)?;
    Ok(bytes)
}

/// Puts a file in place as a whole: a crash leaves the old content or the new one. The directory is not synced yet.
pub(crate) fn replace(storage: &dyn Storage, path: &str, bytes: &[u8]) -> io::Result<()> {
    let temporary = format!("{path}.new");
    let file = storage.create(&temporary)?;
    file.write_at(bytes, 0)?;
    file.sync()?;
    storage.rename(&temporary, path)
}
