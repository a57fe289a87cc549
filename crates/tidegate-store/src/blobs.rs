//! Big immutable things, named by the SHA-256 of their content.

use crate::{
    Error,
    engine::sync_names,
    storage::{Storage, read_all},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::{HashMap, HashSet},
    fmt, io,
    str::FromStr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// The name of a blob: the SHA-256 of its bytes as 64 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BlobId(String);

impl BlobId {
    /// The name that these bytes have.
    pub fn of(bytes: &[u8]) -> BlobId {
        let hash = Sha256::digest(bytes);
        BlobId(hash.iter().map(|b| format!("{b:02x}")).collect())
    }

    /// The hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Text that is not 64 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlobIdError;

impl fmt::Display for BlobIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a blob's id has 64 lower-case hex digits")
    }
}

impl std::error::Error for BlobIdError {}

impl FromStr for BlobId {
    type Err = BlobIdError;

    fn from_str(text: &str) -> Result<BlobId, BlobIdError> {
        let valid = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        valid.then(|| BlobId(text.into())).ok_or(BlobIdError)
    }
}

impl TryFrom<String> for BlobId {
    type Error = BlobIdError;

    fn try_from(text: String) -> Result<BlobId, BlobIdError> {
        text.parse()
    }
}

impl From<BlobId> for String {
    fn from(id: BlobId) -> String {
        id.0
    }
}

crate::string_key!(BlobId);

/// The directory of the blobs.
pub(crate) const DIR: &str = "blobs";

/// The store's blobs. All functions block while they read or write; call them where that is allowed.
pub struct Blobs {
    place: Place,
    /// Those stored since the start: what refers to them may still be on its way.
    fresh: Mutex<HashSet<BlobId>>,
    temporary: AtomicU64,
}

enum Place {
    Memory(Mutex<HashMap<BlobId, Arc<[u8]>>>),
    Disk(Arc<dyn Storage>),
}

fn path(id: &BlobId) -> String {
    format!("{DIR}/{}", id.as_str())
}

impl Blobs {
    pub(crate) fn memory() -> Blobs {
        Blobs::new(Place::Memory(Mutex::default()))
    }

    /// The blobs of a store on disk; removes what an interrupted `put` has left.
    pub(crate) fn open(storage: Arc<dyn Storage>) -> Result<Blobs, Error> {
        for name in storage.list(DIR).map_err(|e| Error::io(DIR, e))? {
            if name.ends_with(".new") {
                let path = format!("{DIR}/{name}");
                storage.remove(&path).map_err(|e| Error::io(path, e))?;
            }
        }
        // A killed process may have left names that are not on disk yet; `put` relies on those it finds.
        sync_names(&*storage, DIR)?;
        Ok(Blobs::new(Place::Disk(storage)))
    }

    fn new(place: Place) -> Blobs {
        Blobs { place, fresh: Mutex::default(), temporary: AtomicU64::new(0) }
    }

    /// Stores bytes; when this returns, they are on disk. What is there already is not written again.
    ///
    /// # Errors
    /// `Full` if the disk has no room, `Io`.
    pub fn put(&self, bytes: &[u8]) -> Result<BlobId, Error> {
        let id = BlobId::of(bytes);
        lock(&self.fresh).insert(id.clone());
        match &self.place {
            Place::Memory(blobs) => drop(lock(blobs).entry(id.clone()).or_insert_with(|| bytes.into())),
            // One that is damaged is written anew.
            Place::Disk(storage) if !matches!(self.read(&id), Ok(Some(_))) => {
                let written = self.write(&**storage, &id, bytes);
                written.map_err(|e| if e.is_full() { Error::Full } else { e })?;
            }
            Place::Disk(_) => {}
        }
        Ok(id)
    }

    fn write(&self, storage: &dyn Storage, id: &BlobId, bytes: &[u8]) -> Result<(), Error> {
        let number = self.temporary.fetch_add(1, Ordering::Relaxed);
        let (temporary, path) = (format!("{DIR}/{}.{number}.new", id.as_str()), path(id));
        let written = (|| {
            let file = storage.create(&temporary)?;
            file.write_at(bytes, 0)?;
            file.sync()?;
            storage.rename(&temporary, &path)?;
            storage.sync_dir(DIR)
        })();
        written.map_err(|e| {
            let _ = storage.remove(&temporary);
            Error::io(path, e)
        })
    }

    /// The bytes of a blob, checked against its name; `None` if there is none of that name.
    ///
    /// # Errors
    /// `Corrupt` if the bytes are not those that were stored, `Io`.
    pub fn read(&self, id: &BlobId) -> Result<Option<Vec<u8>>, Error> {
        match &self.place {
            Place::Memory(blobs) => Ok(lock(blobs).get(id).map(|bytes| bytes.to_vec())),
            Place::Disk(storage) => read(&**storage, id),
        }
    }

    /// Removes a blob, if it is there.
    ///
    /// # Errors
    /// `Io`.
    pub fn remove(&self, id: &BlobId) -> Result<(), Error> {
        lock(&self.fresh).remove(id);
        match &self.place {
            Place::Memory(blobs) => drop(lock(blobs).remove(id)),
            Place::Disk(storage) => match storage.remove(&path(id)) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(Error::io(path(id), e)),
                _ => {}
            },
        }
        Ok(())
    }

    /// The names of all blobs, in any order.
    ///
    /// # Errors
    /// `Io`.
    pub fn list(&self) -> Result<Vec<BlobId>, Error> {
        match &self.place {
            Place::Memory(blobs) => Ok(lock(blobs).keys().cloned().collect()),
            Place::Disk(storage) => list(&**storage),
        }
    }

    /// Removes the blobs that `referenced` does not know, except those stored since the store was opened: what refers
    /// to them may still be on its way. Gives the number removed.
    ///
    /// # Errors
    /// `Io`.
    pub fn remove_unreferenced(&self, referenced: impl Fn(&BlobId) -> bool) -> Result<usize, Error> {
        let fresh = lock(&self.fresh).clone();
        let useless: Vec<_> = self.list()?.into_iter().filter(|id| !fresh.contains(id) && !referenced(id)).collect();
        useless.iter().try_for_each(|id| self.remove(id))?;
        Ok(useless.len())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn list(storage: &dyn Storage) -> Result<Vec<BlobId>, Error> {
    let names = storage.list(DIR).map_err(|e| Error::io(DIR, e))?;
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}

pub(crate) fn read(storage: &dyn Storage, id: &BlobId) -> Result<Option<Vec<u8>>, Error> {
    match storage.open(&path(id)).and_then(|file| read_all(&*file)) {
        Ok(bytes) if BlobId::of(&bytes) == *id => Ok(Some(bytes)),
        Ok(_) => Err(Error::corrupt(path(id), "the whole blob", "the content has another hash")),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::io(path(id), e)),
    }
}

impl fmt::Debug for Blobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Blobs")
    }
}
