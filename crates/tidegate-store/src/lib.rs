//! A durable, ordered, transactional key-value store with typed tables. It knows nothing of the services that use it.
//!
//! - Writes are closures that run one after another (serializable); many share one `fdatasync`, and none is answered
//!   before it is on disk.
//! - Reads take a [`Snapshot`] and never wait for the writer.
//! - Every stored byte is covered by a checksum; what does not fit is an [`Error`], never a wrong value.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use tidegate_store::{Error, Store, StartsWith, Table};
//! use tidegate_types::{AccountId, Region};
//!
//! #[derive(Debug, PartialEq, Serialize, Deserialize)]
//! struct Function {
//!     memory_mib: u32,
//! }
//!
//! const FUNCTIONS: Table<(AccountId, Region, String), Function> = Table::new("lambda.functions");
//!
//! # let rt = tokio::runtime::Builder::new_current_thread().build().unwrap();
//! # rt.block_on(async {
//! let store = Store::memory(); // or Store::open(directory, Options::default())?
//! let (account, region) = (AccountId::local(), Region::us_east_1());
//!
//! // A write closure is moved to the writer thread, so it owns what it uses.
//! let (a, r) = (account.clone(), region.clone());
//! store
//!     .write(move |tx| {
//!         if !tx.contains(&FUNCTIONS, (&a, &r, "hello"))? {
//!             tx.put(&FUNCTIONS, (&a, &r, "hello"), &Function { memory_mib: 128 })?;
//!         }
//!         Ok::<_, Error>(())
//!     })
//!     .await?;
//!
//! let found = store.read(|s| s.get(&FUNCTIONS, (&account, &region, "hello")))?;
//! assert_eq!(found, Some(Function { memory_mib: 128 }));
//!
//! // Prefixes are the first parts of a key, and may end inside a text.
//! let snapshot = store.snapshot();
//! let page: Vec<_> = snapshot.scan(&FUNCTIONS, (&account, &region, StartsWith("he"))).take(50).collect::<Result<_, _>>()?;
//! let ((_, _, last), _) = &page[0];
//! assert_eq!(last, "hello");
//! let next = snapshot.scan_after(&FUNCTIONS, (&account, &region), (&account, &region, last.as_str())).next();
//! assert!(next.is_none());
//! # Ok::<_, Error>(())
//! # }).unwrap();
//! ```

mod blobs;
mod change;
mod cursor;
mod directory;
mod engine;
mod error;
#[cfg(any(test, feature = "fault"))]
pub mod fault;
#[cfg(any(test, feature = "fault"))]
pub mod fuzz;
mod key;
pub mod limits;
mod log;
mod manifest;
mod queue;
mod run;
mod snapshot;
pub mod storage;
mod store;
mod table;
mod transaction;
mod tree;
mod value;
mod verify;
mod writer;

pub use blobs::{BlobId, BlobIdError, Blobs};
pub use engine::Recovery;
pub use error::Error;
pub use key::{Key, KeyOf, PrefixOf, StartsWith};
pub use snapshot::{Scan, Snapshot};
pub use store::{Options, Store};
pub use table::{KeyRange, Table};
pub use transaction::Transaction;
pub use value::{Raw, Value};
pub use verify::{Report, verify};

#[cfg(test)]
mod tests;
