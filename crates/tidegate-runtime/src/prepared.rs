//! Environments prepared ahead: the interpreter runs, the SDK is loaded, only the function is missing.
//!
//! There are some once a function has come for which they are made, not before: a server without functions stays small.

use crate::environment::boot_prepared;
use crate::process::{Cell, Process, blocking};
use crate::shared::Shared;
use crate::tools::Tools;
use crate::tree::Size;
use crate::{Error, FunctionSpec, RuntimeId, limits, variables};
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// A sandbox with a waiting process.
pub(crate) struct Prepared {
    pub cell: Cell,
    pub process: Process,
    /// Top-level modules that the process has loaded. A function with files of such a name would not get its own.
    modules: Arc<HashSet<String>>,
}

/// What a prepared environment has to be made for: its memory decides how an interpreter is started.
type Kind = (RuntimeId, Size);

#[derive(Default)]
struct Shelf {
    ready: Vec<Prepared>,
    /// Since when one is being made; never two at a time, so that functions which start meanwhile are not held up.
    making: Option<Instant>,
    /// Whether a function waits for the one that is being made.
    awaited: bool,
    /// When a function last came for which this shelf is.
    wanted: Option<Instant>,
}

impl Shelf {
    fn count(&self) -> usize {
        self.ready.len() + usize::from(self.making.is_some())
    }
}

#[derive(Default)]
struct Stock {
    shelves: HashMap<Kind, Shelf>,
}

impl Stock {
    /// Notes that a shelf is wanted; true if one is to be made for it.
    fn want(&mut self, kind: Kind, now: Instant) -> bool {
        self.shelves.entry(kind).or_default().wanted = Some(now);
        self.shelves[&kind].making.is_none() && self.make_one(kind, now)
    }

    /// Whether one more is to be made, which is then counted.
    fn make_one(&mut self, kind: Kind, now: Instant) -> bool {
        let count = self.shelves.get(&kind).map_or(limits::PREPARED, Shelf::count);
        let wanted = count < limits::PREPARED && self.make_room(kind);
        if let Some(shelf) = self.shelves.get_mut(&kind).filter(|_| wanted) {
            shelf.making = Some(now);
        }
        wanted
    }

    /// Whether there may be one more; one that was not wanted for longer makes room.
    fn make_room(&mut self, kind: Kind) -> bool {
        if self.shelves.values().map(Shelf::count).sum::<usize>() < limits::PREPARED_ALL {
            return true;
        }
        let others = self.shelves.iter_mut().filter(|(other, shelf)| **other != kind && !shelf.ready.is_empty());
        let oldest = others.min_by_key(|(_, shelf)| shelf.wanted);
        oldest.is_some_and(|(_, shelf)| shelf.ready.pop().is_some())
    }

    /// Takes away what was not wanted for long; how long until the next may be.
    fn expire(&mut self, now: Instant) -> Option<Duration> {
        let idle = |shelf: &Shelf| shelf.wanted.map_or(Duration::MAX, |at| now.saturating_duration_since(at));
        self.shelves.retain(|_, shelf| shelf.making.is_some() || idle(shelf) < limits::PREPARED_IDLE_MAX);
        let longest = self.shelves.values().map(idle).max()?;
        Some(limits::PREPARED_IDLE_MAX.saturating_sub(longest).max(limits::PREPARED_SOON))
    }

    /// Whether the one that is being made will be ready sooner than another process; then nobody else waits for it.
    fn await_one(&mut self, kind: Kind) -> bool {
        let Some(shelf) = self.shelves.get_mut(&kind) else { return false };
        let soon = shelf.making.is_some_and(|since| since.elapsed() >= limits::PREPARED_SOON);
        soon && !std::mem::replace(&mut shelf.awaited, true)
    }
}

/// Prepared environments by kind.
#[derive(Default)]
pub(crate) struct Shelves {
    stock: Mutex<Stock>,
    /// Told when one has been made, or could not be.
    made: Notify,
}

impl Shelves {
    fn stock(&self) -> MutexGuard<'_, Stock> {
        // Shelves are counted and filled in single steps: a panic elsewhere leaves nothing half done.
        self.stock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pop(&self, kind: Kind) -> Option<Prepared> {
        self.stock().shelves.get_mut(&kind)?.ready.pop()
    }

    /// One that the function can take over, if there is one or will be in a moment.
    pub async fn take(&self, shared: &Shared, function: &Arc<FunctionSpec>) -> Option<Prepared> {
        if !shared.options.prepare || !variables::fit_running_process(&function.variables) {
            return None;
        }
        let kind = (function.runtime, Size::of(function));
        let found = match self.pop(kind) {
            Some(found) => found,
            None => self.next(kind).await?,
        };
        let (function, modules) = (function.clone(), found.modules.clone());
        if blocking(move || !shadows(&function, &modules)).await {
            return Some(found);
        }
        if let Some(shelf) = self.stock().shelves.get_mut(&kind) {
            shelf.ready.push(found);
        }
        None
    }

    /// The one that is being made, if that began some time ago.
    async fn next(&self, kind: Kind) -> Option<Prepared> {
        let made = self.made.notified();
        if !self.stock().await_one(kind) {
            return None;
        }
        let _ = tokio::time::timeout(limits::PREPARED_WAIT_MAX, made).await;
        if let Some(shelf) = self.stock().shelves.get_mut(&kind) {
            shelf.awaited = false;
        }
        self.pop(kind)
    }

    /// Fills a shelf in the background.
    pub fn want(&self, shared: &Arc<Shared>, runtime: RuntimeId, size: Size) {
        let kind = (runtime, size);
        if !shared.options.prepare || shared.is_closed() {
            return;
        }
        let mut stock = self.stock();
        if stock.shelves.is_empty() {
            tokio::spawn(expire(Arc::downgrade(shared)));
        }
        if stock.want(kind, Instant::now()) {
            tokio::spawn(fill(shared.clone(), kind));
        }
    }

    /// How many of a runtime wait for a function.
    pub fn ready(&self, runtime: RuntimeId) -> usize {
        let stock = self.stock();
        stock.shelves.iter().filter(|((of, _), _)| *of == runtime).map(|(_, shelf)| shelf.ready.len()).sum()
    }

    /// Puts away what was made; true if one more is to be made.
    fn made(&self, kind: Kind, made: Result<Prepared, Error>, closed: bool) -> bool {
        let mut stock = self.stock();
        let Some(shelf) = stock.shelves.get_mut(&kind) else { return false };
        shelf.making = None;
        match made {
            Ok(prepared) if !closed => shelf.ready.push(prepared),
            Ok(_) => return false,
            Err(why) => {
                // Functions start without it, only slower, and say themselves what is wrong.
                tracing::warn!(runtime = %kind.0, %why, "no environment could be prepared");
                return false;
            }
        }
        stock.make_one(kind, Instant::now())
    }

    /// Ends all.
    pub fn clear(&self) {
        self.stock().shelves.clear();
    }
}

/// Takes away what nobody wants any more, until there is nothing.
async fn expire(shared: Weak<Shared>) {
    let mut pause = limits::PREPARED_IDLE_MAX;
    loop {
        tokio::time::sleep(pause).await;
        let Some(shared) = shared.upgrade() else { return };
        let Some(next) = shared.prepared.stock().expire(Instant::now()) else { return };
        pause = next;
    }
}

/// Makes one after the other until there are enough.
async fn fill(shared: Arc<Shared>, kind: Kind) {
    loop {
        let permit = shared.starts.acquire().await.expect("the semaphore is never closed");
        let made = make(&shared, kind).await;
        drop(permit);
        let more = shared.prepared.made(kind, made, shared.is_closed());
        shared.prepared.made.notify_waiters();
        if !more {
            return;
        }
    }
}

async fn make(shared: &Arc<Shared>, (runtime, size): Kind) -> Result<Prepared, Error> {
    let tools: Arc<Tools> = shared.tools(runtime).await?;
    let cell = Cell::new(&tools, size, shared).await?;
    let (process, names) = boot_prepared(&cell, &tools).await?;
    let modules: HashSet<String> = serde_json::from_slice(&names).unwrap_or_default();
    Ok(Prepared { cell, process, modules: Arc::new(modules) })
}

/// Whether a function brings a module that a prepared process has already loaded from elsewhere. Node loads by path and
/// has no such trouble.
fn shadows(function: &FunctionSpec, modules: &HashSet<String>) -> bool {
    let RuntimeId::Python(minor) = function.runtime else { return false };
    let packages = format!("python/lib/python3.{minor}/site-packages");
    let of_layers = function.layer_dirs.iter().flat_map(|dir| [dir.join("python"), dir.join(&packages)]);
    std::iter::once(function.code_dir.clone()).chain(of_layers).any(|folder| has_module(&folder, modules))
}

fn has_module(folder: &Path, modules: &HashSet<String>) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).any(|name| {
        let stem = name.split('.').next().unwrap_or_default();
        modules.contains(stem)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::test_spec;

    #[test]
    fn one_is_made_at_a_time_and_all_together_are_bounded() {
        let kind = |memory_mb| (RuntimeId::Node(20), Size { memory_mb, ephemeral_mb: 512 });
        let (mut stock, now) = (Stock::default(), Instant::now());
        for memory_mb in 0..limits::PREPARED_ALL as u32 {
            assert!(stock.want(kind(memory_mb), now));
            assert!(!stock.want(kind(memory_mb), now), "it is being made");
        }
        assert!(!stock.want(kind(99), now), "all that may be are being made, and none can be taken away");
        assert_eq!(stock.shelves.values().map(Shelf::count).sum::<usize>(), limits::PREPARED_ALL);
    }

    #[test]
    fn what_nobody_wants_goes() {
        let kind = |memory_mb| (RuntimeId::Node(20), Size { memory_mb, ephemeral_mb: 512 });
        let (mut stock, start) = (Stock::default(), Instant::now());
        let later = |part: u32| start + limits::PREPARED_IDLE_MAX / 4 * part;
        stock.want(kind(1), start);
        stock.want(kind(2), later(2));
        assert_eq!(stock.expire(later(4)).map(|_| stock.shelves.len()), Some(2), "they are being made");
        stock.shelves.values_mut().for_each(|shelf| shelf.making = None);
        assert_eq!(stock.expire(later(4)), Some(limits::PREPARED_IDLE_MAX / 2));
        assert!(stock.shelves.contains_key(&kind(2)) && !stock.shelves.contains_key(&kind(1)));
        assert_eq!(stock.expire(later(6)), None);
    }

    #[test]
    fn only_one_waits_for_what_will_be_ready_soon() {
        let kind = (RuntimeId::Node(20), Size { memory_mb: 128, ephemeral_mb: 512 });
        let mut stock = Stock::default();
        assert!(!stock.await_one(kind), "nothing is being made");
        stock.want(kind, Instant::now());
        assert!(!stock.await_one(kind), "another process is as fast");
        if let Some(shelf) = stock.shelves.get_mut(&kind) {
            shelf.making = Instant::now().checked_sub(limits::PREPARED_SOON);
        }
        assert!(stock.await_one(kind) && !stock.await_one(kind));
    }

    #[test]
    fn notices_modules_that_are_loaded_already() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let modules: HashSet<String> = ["boto3", "six"].map(String::from).into();
        let table = [
            ("code", "app.py", false),
            ("code", "boto3/__init__.py", true),
            ("code", "six.py", true),
            ("code", "six.cpython-313.so", true),
            ("code", "sub/boto3.py", false),
            ("layer", "python/boto3/__init__.py", true),
            ("layer", "python/lib/python3.13/site-packages/six.py", true),
            ("layer", "python/lib/python3.12/site-packages/six.py", false),
            ("layer", "boto3.py", false),
        ];
        for (n, (place, path, expected)) in table.into_iter().enumerate() {
            let root = dir.path().join(n.to_string());
            let file = root.join(place).join(path);
            std::fs::create_dir_all(file.parent().expect("below the root")).expect("a folder can be made");
            std::fs::write(&file, "").expect("a file can be written");
            let mut function = test_spec();
            function.runtime = RuntimeId::Python(13);
            (function.code_dir, function.layer_dirs) = (root.join("code"), vec![root.join("layer")]);
            assert_eq!(shadows(&function, &modules), expected, "{place}/{path}");
            function.runtime = RuntimeId::Node(20);
            assert!(!shadows(&function, &modules), "Node loads by path");
        }
    }
}
