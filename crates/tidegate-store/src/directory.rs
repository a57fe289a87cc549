//! The store's files in a directory of the operating system.

use crate::{
    Error,
    storage::{File, Storage},
};
use std::{
    fs::{self, DirBuilder, OpenOptions, TryLockError},
    hash::{BuildHasher, RandomState},
    io,
    os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Whose lock says that the directory is in use.
const LOCK: &str = "LOCK";

/// What the root of a fresh volume has in it.
const VOLUME_ROOT: &str = "lost+found";

/// A directory that no other process uses. It and all below it are open to their owner only.
pub(crate) struct Directory {
    root: PathBuf,
    /// Holds the lock as long as it is open; the system lets go of it when the process dies.
    _lock: fs::File,
}

impl Directory {
    /// Makes the directory if need be, and locks it.
    pub(crate) fn lock(root: &Path) -> Result<Directory, Error> {
        let path = root.display().to_string();
        create_durably(root).map_err(|e| Error::io(&path, e))?;
        let lock = options().create(true).truncate(false).open(root.join(LOCK)).map_err(|e| Error::io(LOCK, e))?;
        match lock.try_lock() {
            Ok(()) => Ok(Directory { root: root.into(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { path }),
            Err(TryLockError::Error(e)) => Err(Error::io(LOCK, e)),
        }
    }
}

/// Makes a directory and those above it; when this returns, their names are on disk.
fn create_durably(dir: &Path) -> io::Result<()> {
    let new: Vec<&Path> = dir.ancestors().take_while(|dir| !dir.as_os_str().is_empty() && !dir.exists()).collect();
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    for dir in new {
        let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty());
        fs::File::open(parent.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}

impl Storage for Directory {
    fn create_dir(&self, path: &str) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(self.root.join(path))
    }

    fn create(&self, path: &str) -> io::Result<Arc<dyn File>> {
        Ok(Arc::new(options().create(true).truncate(true).open(self.root.join(path))?))
    }

    fn open(&self, path: &str) -> io::Result<Arc<dyn File>> {
        Ok(Arc::new(options().open(self.root.join(path))?))
    }

    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        let names =
            fs::read_dir(self.root.join(dir))?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let mut names = names.collect::<io::Result<Vec<_>>>()?;
        names.retain(|name| !(dir.is_empty() && (name == LOCK || name == VOLUME_ROOT)));
        Ok(names)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.root.join(from), self.root.join(to))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        fs::remove_file(self.root.join(path))
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        fs::File::open(self.root.join(dir))?.sync_all()
    }

    fn random(&self) -> u64 {
        RandomState::new().hash_one(0)
    }
}

impl File for fs::File {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.read_exact_at(buffer, offset)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.write_all_at(bytes, offset)
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }
}
