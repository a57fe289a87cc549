//! What belongs to the store: its format, its runs, and where the log continues behind them.
//!
//! `FORMAT` names the format in words, so that any later program can read it before it reads anything else.
//! `MANIFEST` is replaced as a whole: its checksum in hex, a line feed, and JSON.

use crate::{
    Error,
    storage::{Storage, read_all, replace},
};
use serde::{Deserialize, Serialize};
use std::io;

/// The format that this program writes.
pub(crate) const FORMAT: u32 = 1;

const FORMAT_FILE: &str = "FORMAT";
const MANIFEST_FILE: &str = "MANIFEST";
const FORMAT_WORDS: &str = "tidegate store, format ";

/// The names of a run in the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunEntry {
    pub(crate) id: u64,
    pub(crate) size_bytes: u64,
}

/// The state of the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The store's secret against values that look like log records.
    pub(crate) salt: u64,
    /// Newest first.
    pub(crate) runs: Vec<RunEntry>,
    pub(crate) next_run: u64,
    /// Everything up to this record of the log is in the runs.
    pub(crate) log_sequence: u64,
    /// The first segment of the log that may hold more.
    pub(crate) log_segment: u64,
}

impl Manifest {
    /// Reads the manifest, or makes an empty store; the caller syncs the directory.
    ///
    /// # Errors
    /// `NewerFormat`, `NotAStore`, `Corrupt`, `Io`.
    pub(crate) fn load_or_create(storage: &dyn Storage, path: &str) -> Result<Manifest, Error> {
        let created = match read_file(storage, FORMAT_FILE)? {
            Some(words) => check_format(&words).map(|()| false)?,
            None => create_format(storage, path).map(|()| true)?,
        };
        for dir in [crate::log::DIR, crate::run::DIR, crate::blobs::DIR] {
            storage.create_dir(dir).map_err(|e| Error::io(dir, e))?;
        }
        if !created && let Some(bytes) = read_file(storage, MANIFEST_FILE)? {
            return decode(&bytes)
                .ok_or_else(|| Error::corrupt(MANIFEST_FILE, "all keys", "the checksum or the content is wrong"));
        }
        Manifest::create(storage)
    }

    /// Reads the manifest of a store that must be there.
    ///
    /// # Errors
    /// `NewerFormat`, `NotAStore`, `Corrupt`, `Io`.
    pub(crate) fn load(storage: &dyn Storage, path: &str) -> Result<Manifest, Error> {
        let words = read_file(storage, FORMAT_FILE)?.ok_or_else(|| Error::NotAStore { path: path.into() })?;
        check_format(&words)?;
        let damage = || Error::corrupt(MANIFEST_FILE, "all keys", "the checksum or the content is wrong");
        read_file(storage, MANIFEST_FILE)?.and_then(|bytes| decode(&bytes)).ok_or_else(damage)
    }

    fn create(storage: &dyn Storage) -> Result<Manifest, Error> {
        for dir in [crate::log::DIR, crate::run::DIR] {
            if !storage.list(dir).map_err(|e| Error::io(dir, e))?.is_empty() {
                return Err(Error::corrupt(MANIFEST_FILE, "all keys", "the file is missing"));
            }
        }
        let salt = storage.random();
        let manifest = Manifest { salt, runs: Vec::new(), next_run: 1, log_sequence: 0, log_segment: 1 };
        manifest.replace(storage)?;
        Ok(manifest)
    }

    /// Replaces the manifest; when this returns, it is on disk.
    ///
    /// # Errors
    /// One that [is full](Error::is_full) leaves the old manifest; after any other error nobody knows which one counts.
    pub(crate) fn store(&self, storage: &dyn Storage) -> Result<(), Error> {
        self.replace(storage)?;
        storage.sync_dir("").map_err(|e| Error::io(MANIFEST_FILE, io::Error::other(e)))
    }

    fn replace(&self, storage: &dyn Storage) -> Result<(), Error> {
        let fail = |e| Error::io(MANIFEST_FILE, e);
        let json = serde_json::to_string(self).map_err(|e| fail(io::Error::other(e)))?;
        let text = format!("{:08x}\n{json}\n", crc32fast::hash(json.as_bytes()));
        replace(storage, MANIFEST_FILE, text.as_bytes()).map_err(fail)
    }
}

pub(crate) fn decode(bytes: &[u8]) -> Option<Manifest> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (sum, json) = text.split_once('\n')?;
    let json = json.strip_suffix('\n')?;
    let right = sum == format!("{:08x}", crc32fast::hash(json.as_bytes()));
    serde_json::from_str(json).ok().filter(|_| right)
}

fn read_file(storage: &dyn Storage, path: &str) -> Result<Option<Vec<u8>>, Error> {
    match storage.open(path).and_then(|file| read_all(&*file)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::io(path, e)),
    }
}

fn check_format(words: &[u8]) -> Result<(), Error> {
    let words = std::str::from_utf8(words).unwrap_or_default();
    let number = words.strip_prefix(FORMAT_WORDS).and_then(|rest| rest.strip_suffix('\n'));
    match number.and_then(|n| n.parse::<u32>().ok()) {
        Some(FORMAT) => Ok(()),
        Some(found) if found > FORMAT => Err(Error::NewerFormat { found, known: FORMAT }),
        _ => Err(Error::corrupt(FORMAT_FILE, "all keys", "it does not name a format")),
    }
}

fn create_format(storage: &dyn Storage, path: &str) -> Result<(), Error> {
    for name in storage.list("").map_err(|e| Error::io(path, e))? {
        // A crash on the way may have left other files of a store in which nothing was written yet.
        let is_empty = match name.as_str() {
            crate::log::DIR | crate::run::DIR | crate::blobs::DIR => storage.list(&name).is_ok_and(|l| l.is_empty()),
            _ => matches!(name.as_str(), "FORMAT.new" | "MANIFEST.new" | MANIFEST_FILE),
        };
        if !is_empty {
            return Err(Error::NotAStore { path: path.into() });
        }
    }
    let words = format!("{FORMAT_WORDS}{FORMAT}\n");
    replace(storage, FORMAT_FILE, words.as_bytes()).map_err(|e| Error::io(FORMAT_FILE, e))
}
