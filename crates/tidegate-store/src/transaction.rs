//! Writing: what a write closure is given. It reads the newest state and its own changes.

use crate::{
    Error, Key, KeyOf, PrefixOf, Snapshot, Table, Value,
    limits::{TRANSACTION_BYTES_MAX, VALUE_BYTES_MAX},
};
use std::ops::Deref;

/// The newest state, and changes to it that come true together or not at all. Reads are those of [`Snapshot`].
#[derive(Debug)]
pub struct Transaction {
    snapshot: Snapshot,
    changes: Vec<u8>,
    written: bool,
    size_bytes: usize,
    logging: bool,
}

impl Deref for Transaction {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.snapshot
    }
}

impl Transaction {
    pub(crate) fn new(snapshot: Snapshot, logging: bool) -> Transaction {
        Transaction { snapshot, changes: Vec::new(), written: false, size_bytes: 0, logging }
    }

    /// Stores a value under a key, in place of the one that was there.
    ///
    /// # Errors
    /// `TooLarge` for keys, values and transactions above the limits, `Value` if the value cannot be written down.
    pub fn put<K: Key, V: Value>(&mut self, table: &Table<K, V>, key: impl KeyOf<K>, value: &V) -> Result<(), Error> {
        let key = table.key(key)?;
        let value = table.write_value(value)?;
        within("a value", value.len(), VALUE_BYTES_MAX)?;
        self.change(&key, Some(&value))
    }

    /// Removes a key, if it is there.
    ///
    /// # Errors
    /// `TooLarge`.
    pub fn delete<K: Key, V: Value>(&mut self, table: &Table<K, V>, key: impl KeyOf<K>) -> Result<(), Error> {
        let key = table.key(key)?;
        self.change(&key, None)
    }

    /// Removes a key and gives the value that it had.
    ///
    /// # Errors
    /// Those of `get` and `delete`.
    pub fn take<K: Key, V: Value>(&mut self, table: &Table<K, V>, key: impl KeyOf<K>) -> Result<Option<V>, Error> {
        let key = table.key(key)?;
        let old = self.lookup(&key, |bytes| bytes.map(|b| table.read_value(b)).transpose())??;
        if old.is_some() {
            self.change(&key, None)?;
        }
        Ok(old)
    }

    /// Removes all keys of a prefix; gives their number. Each costs a change, so that very many belong into several
    /// transactions.
    ///
    /// # Errors
    /// Those of `scan` and `delete`.
    pub fn delete_prefix<K: Key, V: Value>(
        &mut self,
        table: &Table<K, V>,
        prefix: impl PrefixOf<K>,
    ) -> Result<usize, Error> {
        let range = table.prefix(prefix);
        let span = crate::cursor::Span { start: range.start, end: range.end, reverse: false };
        let mut walk = self.merged(&span)?;
        let mut count = 0;
        while let Some((key, value)) = walk.next_pair()? {
            if value.is_some() {
                self.change(&key, None)?;
                count += 1;
            }
        }
        Ok(count)
    }

    /// Adds to a counter and gives its new value; a missing one counts from 0. It stops at the ends of `i64`.
    ///
    /// # Errors
    /// Those of `get` and `put`.
    pub fn add<K: Key>(&mut self, table: &Table<K, i64>, key: impl KeyOf<K>, delta: i64) -> Result<i64, Error> {
        let key = table.key(key)?;
        let old = self.lookup(&key, |bytes| bytes.map(|b| table.read_value(b)).transpose())??;
        let new = old.unwrap_or(0).saturating_add(delta);
        self.change(&key, Some(&table.write_value(&new)?))?;
        Ok(new)
    }

    fn change(&mut self, key: &[u8], value: Option<&[u8]>) -> Result<(), Error> {
        self.size_bytes += key.len() + value.map_or(0, <[u8]>::len);
        within("a transaction", self.size_bytes, TRANSACTION_BYTES_MAX)?;
        if self.logging {
            crate::change::write(&mut self.changes, key, value);
        }
        self.written = true;
        self.snapshot.put_raw(key, value);
        Ok(())
    }

    /// The state with the changes, the changes as the log has them, and whether there are any.
    pub(crate) fn into_parts(self) -> (Snapshot, Vec<u8>, bool) {
        (self.snapshot, self.changes, self.written)
    }
}

fn within(what: &'static str, size_bytes: usize, size_bytes_max: usize) -> Result<(), Error> {
    if size_bytes > size_bytes_max {
        return Err(Error::TooLarge { what, size_bytes, size_bytes_max });
    }
    Ok(())
}
