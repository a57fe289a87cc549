//! Writing a run.

use super::{
    DIR, SUM_BYTES,
    block::{BlockBuilder, common_prefix},
    filter,
    index::Index,
    path, sum,
};
use crate::{
    Error,
    storage::{File, Storage},
};
use std::sync::Arc;

/// Bytes that are collected before they are written.
const BUFFER_BYTES: usize = 256 * 1024;

/// Bytes after which a long run is synced, so that no sync has to wait for very much.
const SYNC_BYTES: u64 = 8 * 1024 * 1024;

/// The footer: `magic; index offset and length; filter offset and length; entries`, all u64, and its checksum.
pub(super) const FOOTER_BYTES: usize = 6 * 8 + SUM_BYTES;

/// Says which kind of file and which layout this is.
pub(super) const MAGIC: u64 = 0x7467_7275_6e00_0001;

/// Takes entries in key order and writes them into a new file.
pub(crate) struct RunWriter {
    id: u64,
    storage: Arc<dyn Storage>,
    file: Arc<dyn File>,
    block: BlockBuilder,
    block_bytes: usize,
    index: Index,
    hashes: Vec<u64>,
    last_key: Vec<u8>,
    buffer: Vec<u8>,
    /// Bytes in the file; the buffer goes behind them.
    written: u64,
    synced: u64,
}

impl RunWriter {
    pub(crate) fn new(storage: &Arc<dyn Storage>, id: u64, block_bytes: usize) -> Result<RunWriter, Error> {
        let file = storage.create(&path(id)).map_err(|e| Error::io(path(id), e))?;
        Ok(RunWriter {
            id,
            storage: storage.clone(),
            file,
            block: BlockBuilder::default(),
            block_bytes,
            index: Index::default(),
            hashes: Vec::new(),
            last_key: Vec::new(),
            buffer: Vec::new(),
            written: 0,
            synced: 0,
        })
    }

    /// Bytes so far.
    pub(crate) fn size_bytes(&self) -> u64 {
        self.written + self.buffer.len() as u64
    }

    /// Whether nothing was added.
    pub(crate) fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Adds an entry, whose key must be above the last one.
    pub(crate) fn add(&mut self, key: &[u8], value: Option<&[u8]>) -> Result<(), Error> {
        if self.block.is_empty() {
            // As much of the key as tells it from the one before is enough to find the block.
            let shared = common_prefix(&self.last_key, key);
            let offset = self.size_bytes();
            self.index.add(&key[..(shared + 1).min(key.len())], offset);
        }
        self.block.add(key, value);
        self.hashes.push(filter::hash(key));
        self.last_key.clear();
        self.last_key.extend_from_slice(key);
        if self.block.size_bytes() >= self.block_bytes { self.end_block() } else { Ok(()) }
    }

    fn end_block(&mut self) -> Result<(), Error> {
        if self.block.is_empty() {
            return Ok(());
        }
        let bytes = self.block.finish();
        self.part(&bytes);
        if self.buffer.len() >= BUFFER_BYTES { self.write_buffer() } else { Ok(()) }
    }

    /// Puts bytes and their checksum into the buffer; gives their place.
    fn part(&mut self, bytes: &[u8]) -> (u64, u64) {
        let offset = self.size_bytes();
        self.buffer.extend_from_slice(bytes);
        self.buffer.extend_from_slice(&sum(self.id, offset, bytes));
        (offset, (bytes.len() + SUM_BYTES) as u64)
    }

    fn write_buffer(&mut self) -> Result<(), Error> {
        self.file.write_at(&self.buffer, self.written).map_err(|e| Error::io(path(self.id), e))?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        if self.written - self.synced >= SYNC_BYTES { self.sync() } else { Ok(()) }
    }

    fn sync(&mut self) -> Result<(), Error> {
        self.synced = self.written;
        self.file.sync().map_err(|e| Error::io(path(self.id), std::io::Error::other(e)))
    }

    /// Writes what is left; when this returns, the run and its name are on disk. Gives the run's size.
    pub(crate) fn finish(mut self) -> Result<u64, Error> {
        self.end_block()?;
        let index = self.index.encode();
        let (index_offset, index_len) = self.part(&index);
        let bits = filter::build(&self.hashes);
        let (filter_offset, filter_len) = self.part(&bits);
        let footer = [MAGIC, index_offset, index_len, filter_offset, filter_len, self.hashes.len() as u64];
        let footer: Vec<u8> = footer.iter().flat_map(|n| n.to_le_bytes()).collect();
        self.part(&footer);
        self.write_buffer()?;
        self.sync()?;
        self.storage.sync_dir(DIR).map_err(|e| Error::io(DIR, std::io::Error::other(e)))?;
        Ok(self.written)
    }

    /// Removes what was written. What cannot be removed is removed at the next start.
    pub(crate) fn abandon(self) {
        let _ = self.storage.remove(&path(self.id));
    }
}

/// The longest entry that a block can be asked to hold; offsets in a block are 32 bits.
const _: () = assert!(crate::limits::VALUE_BYTES_MAX + crate::limits::KEY_BYTES_MAX < u32::MAX as usize / 2);
