//! Tables: a name, a key type and a value type.

use crate::{Error, Key, KeyOf, PrefixOf, Value, limits::KEY_BYTES_MAX};
use std::{marker::PhantomData, ops::Bound};

/// A typed part of the store. Declare each as a constant, once: its name is its place on disk.
#[derive(Debug)]
pub struct Table<K, V> {
    name: &'static str,
    types: PhantomData<fn() -> (K, V)>,
}

impl<K, V> Table<K, V> {
    /// A table of this name, such as `lambda.functions`.
    ///
    /// # Panics
    /// At compile time, if the name is empty or has characters other than `a-z`, `0-9`, `.`, `-` and `_`.
    pub const fn new(name: &'static str) -> Table<K, V> {
        let bytes = name.as_bytes();
        assert!(!bytes.is_empty() && bytes.len() <= 64, "a table name has 1 to 64 characters");
        let mut n = 0;
        while n < bytes.len() {
            assert!(matches!(bytes[n], b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_'), "a table name is plain");
            n += 1;
        }
        Table { name, types: PhantomData }
    }

    /// The table's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The bytes that all keys of this table start with.
    fn start(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.name.len() + 64);
        out.extend_from_slice(self.name.as_bytes());
        out.push(0);
        out
    }
}

impl<K: Key, V: Value> Table<K, V> {
    pub(crate) fn key(&self, key: impl KeyOf<K>) -> Result<Vec<u8>, Error> {
        let mut out = self.start();
        key.encode_key(&mut out);
        if out.len() > KEY_BYTES_MAX {
            return Err(Error::TooLarge { what: "a key", size_bytes: out.len(), size_bytes_max: KEY_BYTES_MAX });
        }
        Ok(out)
    }

    pub(crate) fn read_key(&self, encoded: &[u8]) -> Result<K, Error> {
        let mut rest = encoded.get(self.name.len() + 1..).unwrap_or_default();
        let key = K::decode(&mut rest).filter(|_| rest.is_empty());
        key.ok_or_else(|| self.value_error("a stored key has another shape".into()))
    }

    pub(crate) fn read_value(&self, bytes: &[u8]) -> Result<V, Error> {
        V::from_bytes(bytes).map_err(|detail| self.value_error(detail))
    }

    pub(crate) fn write_value(&self, value: &V) -> Result<Vec<u8>, Error> {
        value.to_bytes().map_err(|detail| self.value_error(detail))
    }

    fn value_error(&self, detail: String) -> Error {
        Error::Value { table: self.name, detail }
    }

    /// All keys that start with the given parts.
    pub fn prefix(&self, prefix: impl PrefixOf<K>) -> KeyRange<K> {
        let mut start = self.start();
        prefix.encode_prefix(&mut start);
        let end = after_prefix(&start);
        KeyRange { table_start: self.start(), start: Bound::Included(start), end, types: PhantomData }
    }

    /// All keys of the table.
    pub fn all(&self) -> KeyRange<K> {
        self.prefix(())
    }
}

impl<K, V> Clone for Table<K, V> {
    fn clone(&self) -> Table<K, V> {
        *self
    }
}

impl<K, V> Copy for Table<K, V> {}

/// The first byte string behind all that start with the prefix.
fn after_prefix(prefix: &[u8]) -> Bound<Vec<u8>> {
    let mut end = prefix.to_vec();
    while end.last() == Some(&0xff) {
        end.pop();
    }
    match end.last_mut() {
        Some(last) => {
            *last += 1;
            Bound::Excluded(end)
        }
        None => Bound::Unbounded,
    }
}

/// A range of a table's keys: a prefix, narrowed from below and above.
#[derive(Debug, Clone)]
pub struct KeyRange<K> {
    table_start: Vec<u8>,
    pub(crate) start: Bound<Vec<u8>>,
    pub(crate) end: Bound<Vec<u8>>,
    types: PhantomData<fn() -> K>,
}

impl<K: Key> KeyRange<K> {
    /// Only keys behind this one: where the next page starts.
    pub fn after(self, key: impl KeyOf<K>) -> KeyRange<K> {
        let key = Bound::Excluded(self.encoded(key));
        self.starting(key)
    }

    /// Only this key and those behind it.
    pub fn at_least(self, key: impl KeyOf<K>) -> KeyRange<K> {
        let key = Bound::Included(self.encoded(key));
        self.starting(key)
    }

    /// Only keys before this one.
    pub fn below(self, key: impl KeyOf<K>) -> KeyRange<K> {
        let key = Bound::Excluded(self.encoded(key));
        self.ending(key)
    }

    /// Only this key and those before it.
    pub fn at_most(self, key: impl KeyOf<K>) -> KeyRange<K> {
        let key = Bound::Included(self.encoded(key));
        self.ending(key)
    }

    fn encoded(&self, key: impl KeyOf<K>) -> Vec<u8> {
        let mut out = self.table_start.clone();
        key.encode_key(&mut out);
        out
    }

    fn starting(mut self, start: Bound<Vec<u8>>) -> KeyRange<K> {
        if starts_later(&start, &self.start) {
            self.start = start;
        }
        self
    }

    fn ending(mut self, end: Bound<Vec<u8>>) -> KeyRange<K> {
        if ends_earlier(&end, &self.end) {
            self.end = end;
        }
        self
    }
}

fn starts_later(a: &Bound<Vec<u8>>, b: &Bound<Vec<u8>>) -> bool {
    match (a, b) {
        (Bound::Unbounded, _) => false,
        (_, Bound::Unbounded) => true,
        (Bound::Excluded(a), Bound::Included(b)) => a >= b,
        (Bound::Included(a) | Bound::Excluded(a), Bound::Included(b) | Bound::Excluded(b)) => a > b,
    }
}

fn ends_earlier(a: &Bound<Vec<u8>>, b: &Bound<Vec<u8>>) -> bool {
    match (a, b) {
        (Bound::Unbounded, _) => false,
        (_, Bound::Unbounded) => true,
        (Bound::Excluded(a), Bound::Included(b)) => a <= b,
        (Bound::Included(a) | Bound::Excluded(a), Bound::Included(b) | Bound::Excluded(b)) => a < b,
    }
}
