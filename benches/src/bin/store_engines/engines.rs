//! The candidates behind one interface: commit a group durably, read a key.

use lmdb::Transaction as _;
use redb::{ReadableDatabase as _, TableDefinition};
use std::path::Path;

/// A key and its value.
pub type Pair = (Vec<u8>, Vec<u8>);

/// What the measurement needs of an engine.
pub trait Engine: Send + Sync {
    /// Returns when all pairs are on disk.
    fn commit(&self, pairs: &[Pair]);

    /// Reads from the newest state, through whatever the engine needs for that.
    fn get(&self, key: &[u8]) -> Option<Vec<u8>>;
}

/// Opens an engine in an empty directory, or again in one that it has used.
type Open = fn(&Path) -> Box<dyn Engine>;

/// Every candidate with its name.
pub const ALL: [(&str, Open); 4] =
    [("redb 4", open_redb), ("fjall 3", open_fjall), ("LMDB", open_lmdb), ("own log", open_own)];

struct Redb(redb::Database);

const TABLE: TableDefinition<&[u8], &[u8]> = TableDefinition::new("t");

fn open_redb(dir: &Path) -> Box<dyn Engine> {
    let mut builder = redb::Builder::new();
    builder.set_cache_size(8 << 20);
    Box::new(Redb(builder.create(dir.join("db")).expect("redb opens")))
}

impl Engine for Redb {
    fn commit(&self, pairs: &[Pair]) {
        let tx = self.0.begin_write().expect("one writer");
        let mut table = tx.open_table(TABLE).expect("the table has one type");
        for (key, value) in pairs {
            table.insert(key.as_slice(), value.as_slice()).expect("redb inserts");
        }
        drop(table);
        tx.commit().expect("redb commits");
    }

    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let tx = self.0.begin_read().expect("redb reads");
        let table = tx.open_table(TABLE).expect("the table is there");
        table.get(key).expect("redb reads").map(|v| v.value().to_vec())
    }
}

struct Fjall {
    db: fjall::Database,
    space: fjall::Keyspace,
}

fn open_fjall(dir: &Path) -> Box<dyn Engine> {
    let db = fjall::Database::builder(dir).cache_size(8 << 20).open().expect("fjall opens");
    let space = db.keyspace("t", fjall::KeyspaceCreateOptions::default).expect("fjall makes a keyspace");
    Box::new(Fjall { db, space })
}

impl Engine for Fjall {
    fn commit(&self, pairs: &[Pair]) {
        let mut batch = self.db.batch();
        for (key, value) in pairs {
            batch.insert(&self.space, key.as_slice(), value.as_slice());
        }
        batch.commit().expect("fjall commits");
        self.db.persist(fjall::PersistMode::SyncData).expect("fjall syncs");
    }

    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.space.get(key).expect("fjall reads").map(|v| v.to_vec())
    }
}

struct Lmdb {
    env: lmdb::Environment,
    db: lmdb::Database,
}

fn open_lmdb(dir: &Path) -> Box<dyn Engine> {
    let env = lmdb::Environment::new().set_map_size(1 << 30).open(dir).expect("LMDB opens");
    let db = env.open_db(None).expect("LMDB has a main database");
    Box::new(Lmdb { env, db })
}

impl Engine for Lmdb {
    fn commit(&self, pairs: &[Pair]) {
        let mut tx = self.env.begin_rw_txn().expect("one writer");
        for (key, value) in pairs {
            tx.put(self.db, key, value, lmdb::WriteFlags::empty()).expect("LMDB puts");
        }
        tx.commit().expect("LMDB commits");
    }

    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let tx = self.env.begin_ro_txn().expect("LMDB reads");
        tx.get(self.db, &key).ok().map(<[u8]>::to_vec)
    }
}

mod own;
use own::open_own;
