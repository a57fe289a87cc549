//! What all pools and environments of a server share.

use crate::pool::Pool;
use crate::prepared::Shelves;
use crate::sdk_checks::SdkChecks;
use crate::stage::Stage;
use crate::tools::{Toolbox, Tools};
use crate::{Error, FunctionSpec, Options, Reach, RuntimeId, limits, names};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tidegate_types::Arn;
use tokio::sync::{OnceCell, Semaphore};

/// Pools by function, then by version: few versions of a function run at the same time.
type Pools = HashMap<Arn, Vec<(String, Arc<Pool>)>>;

pub(crate) struct Shared {
    pub options: Arc<Options>,
    pub prepared: Shelves,
    /// Permits for environments that start at the same time.
    pub starts: Semaphore,
    /// Shows folders to functions where sandboxes have no file tree of their own.
    pub stage: Stage,
    /// Where sandboxes ask for names.
    names: OnceCell<SocketAddr>,
    toolbox: Toolbox,
    /// Which SDKs were compared with what was installed.
    pub sdk_checks: SdkChecks,
    pools: Mutex<Pools>,
    environments: AtomicUsize,
    closed: AtomicBool,
}

impl Shared {
    pub fn new(options: Options) -> Shared {
        Shared {
            options: Arc::new(options),
            prepared: Shelves::default(),
            starts: Semaphore::new(limits::STARTS_MAX),
            stage: Stage::default(),
            names: OnceCell::new(),
            toolbox: Toolbox::default(),
            sdk_checks: SdkChecks::default(),
            pools: Mutex::default(),
            environments: AtomicUsize::new(0),
            closed: AtomicBool::new(false),
        }
    }

    pub async fn tools(self: &Arc<Self>, runtime: RuntimeId) -> Result<Arc<Tools>, Error> {
        let tools = self.toolbox.get(runtime, &self.options, &self.stage).await?;
        tools.sdk.iter().for_each(|folder| self.sdk_checks.begin(self, folder));
        Ok(tools)
    }

    /// After an SDK was found to be damaged: what has loaded it ends, and it is looked for again.
    pub fn replace_sdk(&self, folder: &Path) {
        self.toolbox.forget(folder);
        self.prepared.clear();
        let pools = std::mem::take(&mut *self.pools());
        pools.values().flatten().for_each(|(_, pool)| pool.close());
    }

    /// Where sandboxes ask for names, if they may.
    pub async fn names(&self) -> Result<Option<SocketAddr>, Error> {
        if self.options.reach == Reach::Endpoint {
            return Ok(None);
        }
        let serve = || names::serve(tidegate_sandbox::host_resolvers());
        let address = self.names.get_or_try_init(serve).await;
        address.copied().map(Some).map_err(|why| Error::Io("answer questions for names", why))
    }

    fn pools(&self) -> MutexGuard<'_, Pools> {
        // Each change is one insertion or removal: a panic elsewhere leaves nothing half done.
        self.pools.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pool of a function's version.
    pub fn pool(&self, function: &FunctionSpec) -> Arc<Pool> {
        let mut pools = self.pools();
        let versions = match pools.get_mut(&function.arn) {
            Some(versions) => versions,
            None => pools.entry(function.arn.clone()).or_default(),
        };
        if let Some((_, pool)) = versions.iter().find(|(version, _)| *version == function.version) {
            return pool.clone();
        }
        let pool = Arc::new(Pool::default());
        versions.push((function.version.clone(), pool.clone()));
        pool
    }

    /// Takes the pools of a function out: all, or one version's.
    pub fn take_pools(&self, arn: &Arn, version: Option<&str>) -> Vec<Arc<Pool>> {
        let mut pools = self.pools();
        let Some(versions) = pools.remove(arn) else { return Vec::new() };
        let (taken, kept): (Vec<_>, Vec<_>) =
            versions.into_iter().partition(|(v, _)| version.is_none_or(|wanted| wanted == v));
        if !kept.is_empty() {
            pools.insert(arn.clone(), kept);
        }
        taken.into_iter().map(|(_, pool)| pool).collect()
    }

    /// All pools, for the end.
    pub fn close(&self) -> Vec<Arc<Pool>> {
        self.closed.store(true, Ordering::Relaxed);
        self.pools().values().flatten().map(|(_, pool)| pool.clone()).collect()
    }

    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Counts a new environment, if there may be one more. An idle one of another function makes room.
    pub fn environment_comes(self: &Arc<Self>) -> Result<Presence, Error> {
        let room = |count| (count < limits::ENVIRONMENTS_MAX).then_some(count + 1);
        if self.environments.fetch_update(Ordering::Relaxed, Ordering::Relaxed, room).is_err() {
            let pools: Vec<Arc<Pool>> = self.pools().values().flatten().map(|(_, pool)| pool.clone()).collect();
            if !pools.iter().any(|pool| pool.evict_one()) {
                return Err(Error::TooManyEnvironments);
            }
            // The evicted one counts itself out a moment later.
            self.environments.fetch_add(1, Ordering::Relaxed);
        }
        Ok(Presence(self.clone()))
    }

    /// How many there are.
    pub fn environments(&self) -> usize {
        self.environments.load(Ordering::Relaxed)
    }
}

/// One environment in the count of all; counts itself out when dropped.
pub(crate) struct Presence(Arc<Shared>);

impl Drop for Presence {
    fn drop(&mut self) {
        self.0.environments.fetch_sub(1, Ordering::Relaxed);
    }
}
