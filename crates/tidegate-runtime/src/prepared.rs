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
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    making: usize,
    /// Counts up with each function that came: the shelf with the lowest number was not wanted for longest.
    wanted: u64,
}

#[derive(Default)]
struct Stock {
    shelves: HashMap<Kind, Shelf>,
    wanted: u64,
}

impl Stock {
    /// Notes that a shelf is wanted and how many environments are to be made for it.
    fn want(&mut self, kind: Kind) -> usize {
        self.wanted += 1;
        self.shelves.entry(kind).or_default().wanted = self.wanted;
        let mut count = 0;
        while self.shelves[&kind].ready.len() + self.shelves[&kind].making < limits::PREPARED && self.make_room(kind) {
            if let Some(shelf) = self.shelves.get_mut(&kind) {
                shelf.making += 1;
            }
            count += 1;
        }
        count
    }

    /// Whether there may be one more; one that was not wanted for longer makes room.
    fn make_room(&mut self, kind: Kind) -> bool {
        let total: usize = self.shelves.values().map(|shelf| shelf.ready.len() + shelf.making).sum();
        if total < limits::PREPARED_ALL {
            return true;
        }
        let others = self.shelves.iter_mut().filter(|(other, shelf)| **other != kind && !shelf.ready.is_empty());
        let oldest = others.min_by_key(|(_, shelf)| shelf.wanted);
        oldest.is_some_and(|(_, shelf)| shelf.ready.pop().is_some())
    }
}

/// Prepared environments by kind.
#[derive(Default)]
pub(crate) struct Shelves(Mutex<Stock>);

impl Shelves {
    fn stock(&self) -> MutexGuard<'_, Stock> {
        // Shelves are counted and filled in single steps: a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One that the function can take over, if there is one.
    pub async fn take(&self, shared: &Shared, function: &Arc<FunctionSpec>) -> Option<Prepared> {
        if !shared.options.prepare || !variables::fit_running_process(&function.variables) {
            return None;
        }
        let kind = (function.runtime, Size::of(function));
        let modules = self.stock().shelves.get(&kind)?.ready.last()?.modules.clone();
        let function = function.clone();
        let fits = blocking(move || !shadows(&function, &modules)).await;
        fits.then(|| self.stock().shelves.get_mut(&kind)?.ready.pop())?
    }

    /// Fills a shelf in the background.
    pub fn want(&self, shared: &Arc<Shared>, runtime: RuntimeId, size: Size) {
        if !shared.options.prepare || shared.is_closed() {
            return;
        }
        for _ in 0..self.stock().want((runtime, size)) {
            tokio::spawn(fill(shared.clone(), (runtime, size)));
        }
    }

    /// How many of a runtime wait for a function.
    pub fn ready(&self, runtime: RuntimeId) -> usize {
        let stock = self.stock();
        stock.shelves.iter().filter(|((of, _), _)| *of == runtime).map(|(_, shelf)| shelf.ready.len()).sum()
    }

    /// Ends all.
    pub fn clear(&self) {
        self.stock().shelves.clear();
    }
}

async fn fill(shared: Arc<Shared>, kind: Kind) {
    let permit = shared.starts.acquire().await.expect("the semaphore is never closed");
    let made = make(&shared, kind).await;
    drop(permit);
    let mut stock = shared.prepared.stock();
    let Some(shelf) = stock.shelves.get_mut(&kind) else { return };
    shelf.making = shelf.making.saturating_sub(1);
    match made {
        Ok(prepared) if !shared.is_closed() => shelf.ready.push(prepared),
        Ok(_) => {}
        // Functions start without it, only slower, and say themselves what is wrong.
        Err(why) => tracing::warn!(runtime = %kind.0, %why, "no environment could be prepared"),
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
    fn the_longest_unwanted_makes_room() {
        let kind = |memory_mb| (RuntimeId::Node(20), Size { memory_mb, ephemeral_mb: 512 });
        let mut stock = Stock::default();
        let shelves = limits::PREPARED_ALL / limits::PREPARED;
        for memory_mb in 0..shelves as u32 {
            assert_eq!(stock.want(kind(memory_mb)), limits::PREPARED);
        }
        assert_eq!(stock.want(kind(0)), 0, "they are being made");
        assert_eq!(stock.want(kind(99)), 0, "all that may be are being made, and none can be taken away");
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
