//! What is cheap to make again, and still not made twice.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};

/// A map that forgets everything when it is full: entries are cheap to make again.
pub(super) struct Cache<K, V>(RwLock<HashMap<K, V>>);

impl<K, V> Default for Cache<K, V> {
    fn default() -> Cache<K, V> {
        Cache(RwLock::default())
    }
}

impl<K: Hash + Eq, V: Clone> Cache<K, V> {
    pub(super) fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    pub(super) fn put(&self, key: K, value: V, most: usize) {
        let mut entries = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= most {
            entries.clear();
        }
        entries.insert(key, value);
    }

    pub(super) fn get_or(&self, key: K, most: usize, make: impl FnOnce() -> V) -> V {
        self.get(&key).unwrap_or_else(|| {
            let made = make();
            self.put(key, made.clone(), most);
            made
        })
    }
}
