//! The service's state: the store, and a cache of table records.

use crate::error::{Error, Missing};
use crate::model::stored;
use crate::operations::OPERATIONS;
use crate::schema::TableRecord;
use crate::tables::{ROWS, RowKey, TABLES};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tidegate_core::{Context, Row, Service};
use tidegate_store::{Snapshot, Store, Transaction};
use tidegate_types::{AccountId, Region};

/// Amazon DynamoDB. Cheap to clone.
#[derive(Clone)]
pub struct DynamoDb {
    store: Store,
    cache: Arc<Cache>,
}

/// Table records by name and place, each with the generation in which it was read.
#[derive(Default)]
struct Cache {
    /// Grows with every change of any table: once on the writer thread, so that no later write works with an old
    /// record, and once when the change can be read, so that no old record stays in the cache.
    generation: AtomicU64,
    tables: RwLock<HashMap<String, Vec<Cached>>>,
    /// Numbers of rows by space, with the time of counting.
    counts: Mutex<HashMap<u32, (u64, Count)>>,
    /// Rows that the expiry task looked at last, by space; a restart begins anew.
    expiry: Mutex<HashMap<u32, RowKey>>,
}

/// A record as it was read: one of several tables of a name, in different accounts and regions.
struct Cached {
    account: AccountId,
    region: Region,
    read_in: u64,
    table: Arc<TableRecord>,
}

/// How much lies in a table or index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Items or entries.
    pub rows: u64,
    /// Their sizes together.
    pub bytes: u64,
}

/// Rows for each millisecond that a count stays good: counting costs time, and AWS counts only every six hours.
const ROWS_PER_FRESH_MS: u64 = 20;

/// A table's place: whose, where, which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The account.
    pub account: AccountId,
    /// The region.
    pub region: Region,
    /// The name.
    pub name: String,
}

/// A table record and when it was read.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Where it was found.
    pub place: Place,
    /// The record.
    pub table: Arc<TableRecord>,
    generation: u64,
}

impl Place {
    /// The table of this name in the request's account and region.
    pub fn new(cx: &Context, name: &str) -> Place {
        Place { account: cx.account.clone(), region: cx.region.clone(), name: name.to_owned() }
    }

    /// As the store's key.
    pub fn key(&self) -> (&AccountId, &Region, &str) {
        (&self.account, &self.region, &self.name)
    }
}

impl Cache {
    fn known(&self, place: &Place, generation: u64) -> Option<Arc<TableRecord>> {
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        let found = tables.get(&place.name)?.iter().find(|c| c.account == place.account && c.region == place.region)?;
        (found.read_in == generation).then(|| found.table.clone())
    }

    /// Keeps a record; those of older generations go.
    fn keep(&self, place: &Place, generation: u64, table: Arc<TableRecord>) {
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        tables.retain(|_, cached| {
            cached.retain(|c| c.read_in == generation);
            !cached.is_empty()
        });
        let (account, region) = (place.account.clone(), place.region.clone());
        let of_name = tables.entry(place.name.clone()).or_default();
        of_name.retain(|c| c.account != account || c.region != region);
        of_name.push(Cached { account, region, read_in: generation, table });
    }
}

impl DynamoDb {
    /// The service on a store.
    pub fn new(store: Store) -> DynamoDb {
        DynamoDb { store, cache: Arc::default() }
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The newest state.
    pub fn snapshot(&self) -> Snapshot {
        self.store.snapshot()
    }

    /// The table there, from the cache if possible.
    pub fn open(&self, place: Place) -> Result<Option<Opened>, Error> {
        let generation = self.cache.generation.load(Ordering::Acquire);
        if let Some(table) = self.cache.known(&place, generation) {
            return Ok(Some(Opened { place, table, generation }));
        }
        let Some(record) = self.store.read(|s| s.get(&TABLES, place.key()))? else { return Ok(None) };
        let table = Arc::new(record);
        self.cache.keep(&place, generation, table.clone());
        Ok(Some(Opened { place, table, generation }))
    }

    /// Changes tables: runs the closure as `Store::write` does and makes every cached record stale.
    pub async fn change_tables<R, F>(&self, closure: F) -> Result<R, Error>
    where
        F: FnOnce(&mut Transaction) -> Result<R, Error> + Send + 'static,
        R: Send + 'static,
    {
        let cache = self.cache.clone();
        let changed = self.store.write(move |tx| {
            let changed = closure(tx);
            cache.generation.fetch_add(1, Ordering::AcqRel);
            changed
        });
        let changed = changed.await;
        self.cache.generation.fetch_add(1, Ordering::AcqRel);
        changed
    }

    /// How much lies in a space; for large ones a count that may be some seconds old.
    pub(crate) fn count(&self, space: u32, now_ms: u64) -> Result<Count, Error> {
        let known = self.cache.counts.lock().unwrap_or_else(PoisonError::into_inner).get(&space).copied();
        if let Some((at_ms, count)) = known
            && now_ms.saturating_sub(at_ms) < count.rows / ROWS_PER_FRESH_MS
        {
            return Ok(count);
        }
        let prefix = RowKey::space(space);
        let mut count = Count::default();
        for row in self.snapshot().range(&ROWS, ROWS.all().at_least(&RowKey(prefix.clone()))) {
            let (row, raw) = row?;
            if !row.0.starts_with(&prefix) {
                break;
            }
            count.rows += 1;
            count.bytes += stored::size(&raw.0)? as u64;
        }
        self.cache.counts.lock().unwrap_or_else(PoisonError::into_inner).insert(space, (now_ms, count));
        Ok(count)
    }

    /// Where the last pass of the expiry task ended; none if it reached the end.
    pub(crate) fn expiry_position(&self, space: u32) -> Option<RowKey> {
        self.cache.expiry.lock().unwrap_or_else(PoisonError::into_inner).get(&space).cloned()
    }

    /// Where the next pass goes on.
    pub(crate) fn set_expiry_position(&self, space: u32, position: Option<RowKey>) {
        let mut expiry = self.cache.expiry.lock().unwrap_or_else(PoisonError::into_inner);
        match position {
            Some(row) => drop(expiry.insert(space, row)),
            None => drop(expiry.remove(&space)),
        }
    }

    /// A check for write closures: whether a table is still as it was when it was opened.
    pub fn guard(&self) -> Guard {
        Guard(self.cache.clone())
    }
}

/// Tells write closures whether their table records are still true.
pub struct Guard(Arc<Cache>);

impl Guard {
    /// `Ok(false)` if items must be checked against a newer record of the table.
    pub fn is_current(&self, tx: &Transaction, opened: &Opened) -> Result<bool, Error> {
        if self.0.generation.load(Ordering::Acquire) == opened.generation {
            return Ok(true);
        }
        let now = tx.get(&TABLES, opened.place.key())?.ok_or(Error::NotFound(Missing::Resource))?;
        Ok((&now.id, now.revision) == (&opened.table.id, opened.table.revision))
    }
}

impl Service for DynamoDb {
    const MODEL: &'static str = "dynamodb";
    const OPERATIONS: &'static [Row<DynamoDb>] = OPERATIONS;
}
