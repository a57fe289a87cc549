//! Reading a run: its index and its filter stay in memory, its blocks come through the cache.

use super::{
    Cache,
    block::{Block, describe},
    checked, filter,
    index::Index,
    path,
    writer::{FOOTER_BYTES, MAGIC},
};
use crate::{
    Error,
    storage::{File, Storage},
};
use std::{fmt, sync::Arc};

/// An open run.
pub(crate) struct Run {
    id: u64,
    file: Arc<dyn File>,
    size_bytes: u64,
    entries: u64,
    index: Index,
    filter: Vec<u8>,
    cache: Arc<Cache>,
}

impl Run {
    /// Opens a run of a known size and checks its index, filter and footer.
    ///
    /// # Errors
    /// `Corrupt` if any of them is not what was written, `Io`.
    pub(crate) fn open(storage: &dyn Storage, id: u64, size_bytes: u64, cache: Arc<Cache>) -> Result<Run, Error> {
        let path = path(id);
        let damage = |part: &str| Error::corrupt(&path, "all keys of this run", part);
        let file = storage.open(&path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => damage("the file is missing"),
            _ => Error::io(&path, e),
        })?;
        if file.len().map_err(|e| Error::io(&path, e))? != size_bytes {
            return Err(damage("the file's length is wrong"));
        }
        let read = |offset: u64, len: u64| part(&*file, id, size_bytes, offset, len).map_err(|e| Error::io(&path, e));
        let footer_offset = size_bytes.saturating_sub(FOOTER_BYTES as u64);
        let footer = read(footer_offset, FOOTER_BYTES as u64)?.ok_or_else(|| damage("footer"))?;
        let numbers: Vec<u64> =
            footer.chunks_exact(8).filter_map(|c| Some(u64::from_le_bytes(*c.first_chunk()?))).collect();
        let [MAGIC, index_offset, index_len, filter_offset, filter_len, entries] = numbers[..] else {
            return Err(damage("footer"));
        };
        let index = read(index_offset, index_len)?.ok_or_else(|| damage("index"))?;
        let index = Index::decode(&index, index_offset).ok_or_else(|| damage("index"))?;
        let filter = read(filter_offset, filter_len)?.filter(|f| !f.is_empty()).ok_or_else(|| damage("filter"))?;
        Ok(Run { id, file, size_bytes, entries, index, filter, cache })
    }

    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    pub(crate) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Keys in this run, deleted ones included.
    pub(crate) fn entries(&self) -> u64 {
        self.entries
    }

    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    /// Shows what this run has for a key (`Some(None)`: it was deleted) and gives back the closure's answer; `Err` in
    /// the answer gives the closure back, because the run does not have the key.
    pub(crate) fn lookup<R, F>(&self, key: &[u8], show: F) -> Result<Result<R, F>, Error>
    where
        F: FnOnce(Option<&[u8]>) -> R,
    {
        if self.index.len() == 0 || !filter::may_have(&self.filter, filter::hash(key)) {
            return Ok(Err(show));
        }
        let n = self.index.block_of(key);
        let block = self.block(n)?;
        let at = block.lower_bound(key).ok_or_else(|| self.damage(n))?;
        if at == block.count() || !block.is_at(at, key).ok_or_else(|| self.damage(n))? {
            return Ok(Err(show));
        }
        let (_, value) = block.entry(at).ok_or_else(|| self.damage(n))?;
        Ok(Ok(show(value)))
    }

    /// A block by number, through the cache.
    pub(super) fn block(&self, n: usize) -> Result<Arc<Block>, Error> {
        let (offset, _) = self.index.place(n);
        if let Some(block) = self.cache.get(self.id, offset) {
            return Ok(block);
        }
        let block = self.read_block(n)?;
        self.cache.put(self.id, offset, block.clone());
        Ok(block)
    }

    /// A block by number, from disk.
    pub(super) fn read_block(&self, n: usize) -> Result<Arc<Block>, Error> {
        let (offset, len) = self.index.place(n);
        let bytes = part(&*self.file, self.id, self.size_bytes, offset, len);
        let bytes = bytes.map_err(|e| Error::io(path(self.id), e))?;
        bytes.and_then(Block::new).map(Arc::new).ok_or_else(|| self.damage(n))
    }

    /// Reads every block from disk; gives the damaged ones.
    pub(crate) fn verify(&self) -> Vec<Error> {
        (0..self.index.len()).filter_map(|n| self.read_block(n).err()).collect()
    }

    pub(super) fn damage(&self, n: usize) -> Error {
        let last = n + 1 == self.index.len();
        let to = if last { "the end of the run".into() } else { describe(self.index.from(n + 1)) };
        let range = format!("keys from {} to {to}", describe(self.index.from(n)));
        Error::corrupt(path(self.id), range, format!("block at byte {}", self.index.place(n).0))
    }
}

/// Bytes with a right checksum; `None` if it is wrong or the place is outside the file.
fn part(file: &dyn File, id: u64, size_bytes: u64, offset: u64, len: u64) -> std::io::Result<Option<Vec<u8>>> {
    if offset.checked_add(len).is_none_or(|end| end > size_bytes) {
        return Ok(None);
    }
    let mut bytes = vec![0; len as usize];
    file.read_at(&mut bytes, offset)?;
    let Some(body_len) = checked(id, offset, &bytes).map(<[u8]>::len) else { return Ok(None) };
    bytes.truncate(body_len);
    Ok(Some(bytes))
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Run({})", self.id)
    }
}
