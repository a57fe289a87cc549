//! The state that IAM, STS and the ports share.

use crate::Error;
use crate::tables::{INSTALLATION, Installation};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tidegate_store::{Snapshot, Store, Transaction};
use tidegate_types::{Clock, Ids};

/// Store, clock, ids, and how often something changed.
pub(crate) struct State {
    store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) installation: Installation,
    generation: AtomicU64,
}

impl State {
    pub(crate) async fn open(store: Store, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Result<State, Error> {
        let mut fresh = Installation { token_key: [0; 32], created: clock.now() };
        ids.fill(&mut fresh.token_key);
        let make = move |tx: &mut Transaction| match tx.get(&INSTALLATION, &())? {
            Some(known) => Ok::<_, Error>(known),
            None => tx.put(&INSTALLATION, &(), &fresh).map(|()| fresh).map_err(Error::from),
        };
        let known = store.snapshot().get(&INSTALLATION, &())?;
        let installation = match known {
            Some(known) => known,
            None => store.write(make).await?,
        };
        Ok(State { store, clock, ids, installation, generation: AtomicU64::new(0) })
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.store.snapshot()
    }

    /// Changes something. What others remember of principals is stale afterwards.
    pub(crate) async fn write<R: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Transaction) -> Result<R, Error> + Send + 'static,
    ) -> Result<R, Error> {
        let answer = self.store.write(change).await;
        self.generation.fetch_add(1, Ordering::Release);
        answer
    }

    /// Grows with each change.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }
}
