//! The store's handle: what services hold.

use crate::{
    Blobs, Error, Recovery, Report, Snapshot, Transaction,
    directory::Directory,
    engine::{self, Common, Shared},
    limits::WAITING_WRITES_MAX,
    queue::{Call, Queue},
    storage::Storage,
    verify,
    writer::{self, Commit},
};
use std::{
    fmt,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};
use tokio::sync::{Semaphore, oneshot};

/// How a store on disk behaves. The defaults suit a server; the small things are for tests.
#[derive(Debug, Clone)]
pub struct Options {
    /// Memory for blocks that were read from disk.
    pub cache_bytes: usize,
    /// Memory for recent writes, before they move into a run on disk.
    pub recent_bytes: usize,
    /// Bytes of a segment of the log, before what it holds moves into a run.
    pub log_bytes: u64,
    /// By how much a file of the log grows at a time.
    pub log_step_bytes: u64,
    /// Bytes of a block of a run.
    pub block_bytes: usize,
}

impl Default for Options {
    fn default() -> Options {
        const MIB: usize = 1024 * 1024;
        Options {
            cache_bytes: 8 * MIB,
            recent_bytes: 4 * MIB,
            log_bytes: 8 * MIB as u64,
            log_step_bytes: MIB as u64,
            block_bytes: 8 * 1024,
        }
    }
}

/// A handle on the store; clones share it. The store closes when the last one is dropped.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    queue: Arc<Queue>,
    room: Semaphore,
    stop: Mutex<Option<Stop>>,
    blobs: Blobs,
    recovery: Recovery,
    disk: Option<Arc<Common>>,
}

/// Ends the threads, once the queue is closed.
type Stop = Box<dyn FnOnce() -> Result<(), Error> + Send>;

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
        let shared = Arc::new(Shared::default());
        let queue = Arc::new(Queue::default());
        let writer = start_writer(&queue, Memory(shared.clone()));
        let stop: Stop = Box::new(move || writer.and_then(join).map(drop));
        Store::new(shared, queue, stop, Blobs::memory(), Recovery::default(), None)
    }

    /// Opens the store in a directory, or makes one there. What was acknowledged is there again. Blocks.
    ///
    /// # Errors
    /// `Locked` if another process has it open, `NewerFormat` (nothing was touched), `NotAStore` if the directory has
    /// other things in it, `Corrupt`, `Full`, `Io`.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Store, Error> {
        let path = path.as_ref();
        let directory = Directory::lock(path)?;
        Store::open_in(Arc::new(directory), &path.display().to_string(), options)
    }

    /// Opens the store on any storage; the path is for messages. For tests with a disk that fails.
    ///
    /// # Errors
    /// As [`open`](Store::open).
    pub fn open_in(storage: Arc<dyn Storage>, path: &str, options: Options) -> Result<Store, Error> {
        let (mut log_side, mut keeper, recovery) = engine::open(storage.clone(), path, options)?;
        let common = log_side.common().clone();
        let blobs = Blobs::open(storage)?;
        log_side.waits = true;
        let queue = Arc::new(Queue::default());
        let writer = start_writer(&queue, log_side)?;
        let thread = std::thread::Builder::new().name("store-keeper".into());
        let keeper = thread.spawn(move || {
            keeper.run();
            keeper
        });
        let keeper = keeper.map_err(|e| Error::io("store-keeper", e))?;
        let (shared, disk) = (common.shared.clone(), Some(common.clone()));
        let stop: Stop = Box::new(move || {
            let log_side = join(writer);
            common.stop();
            let mut log_side = log_side?;
            let mut keeper = join(keeper)?;
            keeper.abandon_compaction();
            common.writable()?;
            keeper.flush()?;
            log_side.freeze();
            keeper.flush().map(drop)
        });
        Ok(Store::new(shared, queue, stop, blobs, recovery, disk))
    }

    fn new(
        shared: Arc<Shared>,
        queue: Arc<Queue>,
        stop: Stop,
        blobs: Blobs,
        recovery: Recovery,
        disk: Option<Arc<Common>>,
    ) -> Store {
        let room = Semaphore::new(WAITING_WRITES_MAX);
        Store(Arc::new(Inner { shared, queue, room, stop: Mutex::new(Some(stop)), blobs, recovery, disk }))
    }

    /// Why the store takes no more writes, if a write to the disk has failed. A server should come to an end then.
    pub fn failure(&self) -> Option<Arc<str>> {
        self.0.disk.as_ref().and_then(|common| common.failure())
    }

    /// What was found when the store was opened.
    pub fn recovery(&self) -> Recovery {
        self.0.recovery
    }

    /// Reads everything from disk and checks it against its checksums. Blocks for as long as that takes.
    ///
    /// # Errors
    /// `Io` if the files cannot be listed; damage is in the report.
    pub fn verify(&self) -> Result<Report, Error> {
        match &self.0.disk {
            Some(common) => verify::open_store(&*common.storage, &self.snapshot().runs),
            None => Ok(Report::default()),
        }
    }

    /// The newest committed state. Never waits for the writer.
    pub fn snapshot(&self) -> Snapshot {
        self.0.shared.snapshot()
    }

    /// Reads from the newest committed state.
    pub fn read<R>(&self, closure: impl FnOnce(&Snapshot) -> R) -> R {
        self.0.shared.read(closure)
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
    /// closes the store for all handles. The directory stays locked until the last handle is gone. Blocks.
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
        let stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner).take();
        stop.map_or(Ok(()), |stop| stop())
    }
}

fn start_writer<E: Commit + Send + 'static>(queue: &Arc<Queue>, mut engine: E) -> Result<JoinHandle<E>, Error> {
    let queue = queue.clone();
    let thread = std::thread::Builder::new().name("store-writer".into());
    let handle = thread.spawn(move || {
        writer::run(&queue, &mut engine);
        engine
    });
    handle.map_err(|e| Error::io("store-writer", e))
}

fn join<T>(thread: JoinHandle<T>) -> Result<T, Error> {
    if thread.thread().id() == std::thread::current().id() {
        // The last handle was dropped by a write closure: what it wrote stays in the log.
        return Err(Error::Closed);
    }
    thread.join().map_err(|_| Error::Panicked { message: "a thread of the store".into() })
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
