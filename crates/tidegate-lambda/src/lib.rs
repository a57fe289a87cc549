//! AWS Lambda: functions and their invocation.
//!
//! The control plane (`functions`, `layers`) stores functions, versions, aliases and policies. The data plane
//! ([`invoke`], `events`) reads compiled snapshots of them, asks IAM, and runs code through [`Execute`], which the
//! runtime implements. Other services reach it through the port [`tidegate_core::ports::InvokeFunction`].

mod code;
mod configuration;
mod error;
mod events;
mod functions;
pub mod fuzz;
mod invoke;
mod layers;
mod limits;
mod names;
mod policy;
mod revision;
mod tables;
#[cfg(test)]
mod tests;

pub use error::Error;
pub use invoke::{Execute, FunctionLogs};

use code::Packages;
use events::Queue;
use invoke::{Gauges, Kept};
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use tables::{FUNCTIONS, LAYERS, VERSIONS};
use tidegate_core::{Environment, Row, Service};
use tidegate_store::{BlobId, Store};

/// What the service is made of.
pub struct Parts {
    /// Where functions are kept.
    pub store: Store,
    /// Clock, ids and permissions.
    pub environment: Arc<Environment>,
    /// What runs the functions: the runtime.
    pub executor: Arc<dyn Execute>,
    /// The log output that the runtime was given.
    pub logs: Arc<FunctionLogs>,
    /// A folder for extracted code, readable for the functions' user; what is in it may be deleted while no server runs.
    pub code_dir: PathBuf,
    /// The address, without a final slash, below which the server answers with [`Lambda::code`].
    pub code_url: String,
}

/// The service's state.
pub struct Lambda {
    store: Store,
    environment: Arc<Environment>,
    executor: Arc<dyn Execute>,
    logs: Arc<FunctionLogs>,
    packages: Packages,
    kept: Kept,
    gauges: Gauges,
    queue: Queue,
}

impl Lambda {
    /// The service over a store that holds what earlier runs left. Asynchronous events are worked on once the server
    /// runs [`Lambda::run`].
    ///
    /// # Errors
    /// If the folder cannot be made or the store cannot be read.
    pub fn new(parts: Parts) -> Result<Lambda, Error> {
        let ids = parts.environment.ids.clone();
        let lambda = Lambda {
            packages: Packages::new(parts.store.clone(), parts.code_dir, ids, parts.code_url)?,
            store: parts.store,
            environment: parts.environment,
            executor: parts.executor,
            logs: parts.logs,
            kept: Kept::default(),
            gauges: Gauges::default(),
            queue: Queue::default(),
        };
        lambda.load_events()?;
        lambda.clean_code(0)?;
        Ok(lambda)
    }

    /// The archives that functions and layers need; the store may drop all others that are Lambda's.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn referenced_blobs(&self) -> Result<HashSet<BlobId>, Error> {
        let snapshot = self.store.snapshot();
        let mut blobs = HashSet::new();
        for entry in snapshot.scan(&FUNCTIONS, ()) {
            blobs.extend(entry?.1.latest.blobs());
        }
        for entry in snapshot.scan(&VERSIONS, ()) {
            blobs.extend(entry?.1.blobs());
        }
        for entry in snapshot.scan(&LAYERS, ()) {
            blobs.insert(entry?.1.package.blob);
        }
        Ok(blobs)
    }

    /// Removes the extracted code that nothing has referred to for this long.
    pub(crate) fn clean_code(&self, after_ms: u64) -> Result<(), Error> {
        self.packages.remove_unreferenced(&self.referenced_blobs()?, self.environment.clock.now_ms(), after_ms)
    }

    /// The zip archive behind a `Code.Location` that `GetFunction` gave, by the address' path and query; `None` if the
    /// address is too old or not one of ours.
    pub async fn code(&self, path_and_query: &str) -> Option<Vec<u8>> {
        self.packages.fetch(path_and_query, self.environment.clock.now_ms()).await
    }
}

impl Service for Lambda {
    const MODEL: &'static str = "lambda";
    const OPERATIONS: &'static [Row<Lambda>] = functions::ALL;
}
