//! Reading: the state as it was at one moment, untouched by later writes.

use crate::{
    Error, Key, KeyOf, KeyRange, PrefixOf, Table, Value,
    cursor::{Cursor, Merge, Span, TreeCursor},
    run::{Run, RunCursor},
    tree::Tree,
};
use std::{fmt, sync::Arc};

/// The store's state at one moment. Cheap to clone; holding one keeps superseded data alive, so do not keep it long.
#[derive(Clone, Default)]
pub struct Snapshot {
    /// What was written since the last switch.
    pub(crate) active: Tree,
    /// What is being written into a run.
    pub(crate) frozen: Option<Tree>,
    /// What lies on disk; newest first.
    pub(crate) runs: Arc<[Arc<Run>]>,
}

impl Snapshot {
    /// The value of a key.
    ///
    /// # Errors
    /// `Corrupt` and `Io` from the disk, `Value` if what is stored does not fit the table's type.
    pub fn get<K: Key, V: Value>(&self, table: &Table<K, V>, key: impl KeyOf<K>) -> Result<Option<V>, Error> {
        let key = table.key(key)?;
        self.lookup(&key, |bytes| bytes.map(|b| table.read_value(b)).transpose())?
    }

    /// Whether there is a value for the key.
    ///
    /// # Errors
    /// `Corrupt` and `Io` from the disk.
    pub fn contains<K: Key, V: Value>(&self, table: &Table<K, V>, key: impl KeyOf<K>) -> Result<bool, Error> {
        self.lookup(&table.key(key)?, |bytes| bytes.is_some())
    }

    /// All entries whose key starts with the prefix, in key order; `()` gives the whole table.
    pub fn scan<K: Key, V: Value>(&self, table: &Table<K, V>, prefix: impl PrefixOf<K>) -> Scan<K, V> {
        self.range(table, table.prefix(prefix))
    }

    /// The same in reverse order.
    pub fn scan_rev<K: Key, V: Value>(&self, table: &Table<K, V>, prefix: impl PrefixOf<K>) -> Scan<K, V> {
        self.range_rev(table, table.prefix(prefix))
    }

    /// The entries of the prefix that lie behind a key: the next page, if the key was the last one of a page.
    pub fn scan_after<K: Key, V: Value>(
        &self,
        table: &Table<K, V>,
        prefix: impl PrefixOf<K>,
        key: impl KeyOf<K>,
    ) -> Scan<K, V> {
        self.range(table, table.prefix(prefix).after(key))
    }

    /// The entries of a range, in key order. Ranges come from [`Table::prefix`] and [`Table::all`].
    pub fn range<K: Key, V: Value>(&self, table: &Table<K, V>, range: KeyRange<K>) -> Scan<K, V> {
        self.walk(table, Span { start: range.start, end: range.end, reverse: false })
    }

    /// The same in reverse order.
    pub fn range_rev<K: Key, V: Value>(&self, table: &Table<K, V>, range: KeyRange<K>) -> Scan<K, V> {
        self.walk(table, Span { start: range.start, end: range.end, reverse: true })
    }

    fn walk<K: Key, V: Value>(&self, table: &Table<K, V>, span: Span) -> Scan<K, V> {
        Scan { table: *table, walk: self.merged(&span) }
    }

    pub(crate) fn merged(&self, span: &Span) -> Result<Merge, Error> {
        let mut cursors: Vec<Box<dyn Cursor>> = Vec::new();
        for tree in [Some(&self.active), self.frozen.as_ref()].into_iter().flatten() {
            if !tree.is_empty() {
                cursors.push(Box::new(TreeCursor::new(tree, span)));
            }
        }
        for run in self.runs.iter() {
            cursors.push(Box::new(RunCursor::new(run, span)?));
        }
        Ok(Merge::new(cursors, span.reverse))
    }

    /// Finds the newest value and shows it to the closure.
    pub(crate) fn lookup<R>(&self, key: &[u8], show: impl FnOnce(Option<&[u8]>) -> R) -> Result<R, Error> {
        for tree in [Some(&self.active), self.frozen.as_ref()].into_iter().flatten() {
            if let Some(value) = tree.get(key) {
                return Ok(show(value.as_deref()));
            }
        }
        let mut show = show;
        for run in self.runs.iter() {
            match run.lookup(key, show)? {
                Ok(answer) => return Ok(answer),
                Err(unused) => show = unused,
            }
        }
        Ok(show(None))
    }

    /// Whether deleting a key must leave a mark, because an older value may lie below the active tree.
    pub(crate) fn has_older(&self) -> bool {
        self.frozen.is_some() || !self.runs.is_empty()
    }

    pub(crate) fn put_raw(&mut self, key: &[u8], value: Option<&[u8]>) {
        if value.is_none() && !self.has_older() {
            self.active.remove(key);
        } else {
            self.active.insert(key.into(), value.map(Into::into));
        }
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Snapshot({} recent entries, {} runs)", self.active.len(), self.runs.len())
    }
}

/// An iterator over entries. It sees the state in which it was made, also while its transaction goes on writing.
/// After an error it ends.
pub struct Scan<K, V> {
    table: Table<K, V>,
    walk: Result<Merge, Error>,
}

impl<K: Key, V: Value> Iterator for Scan<K, V> {
    type Item = Result<(K, V), Error>;

    fn next(&mut self) -> Option<Result<(K, V), Error>> {
        let item = self.step().transpose()?;
        if item.is_err() {
            self.walk = Ok(Merge::new(Vec::new(), false));
        }
        Some(item)
    }
}

impl<K: Key, V: Value> Scan<K, V> {
    fn step(&mut self) -> Result<Option<(K, V)>, Error> {
        let walk = self.walk.as_mut().map_err(|e| e.clone())?;
        while let Some((key, value)) = walk.next_pair()? {
            if let Some(value) = value {
                return Ok(Some((self.table.read_key(&key)?, self.table.read_value(&value)?)));
            }
        }
        Ok(None)
    }
}

impl<K, V> fmt::Debug for Scan<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scan({})", self.table.name())
    }
}
