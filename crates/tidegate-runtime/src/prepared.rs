//! Environments prepared ahead: the interpreter runs, the SDK is loaded, only the function is missing.
//!
//! A runtime gets some when its first function has come, not before: a server without functions stays small.

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

#[derive(Default)]
struct Shelf {
    ready: Vec<Prepared>,
    making: usize,
}

/// Prepared environments by runtime.
#[derive(Default)]
pub(crate) struct Shelves(Mutex<HashMap<RuntimeId, Shelf>>);

impl Shelves {
    fn shelves(&self) -> MutexGuard<'_, HashMap<RuntimeId, Shelf>> {
        // Shelves are counted and filled in single steps: a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One that the function can take over, if there is one.
    pub async fn take(&self, shared: &Shared, function: &Arc<FunctionSpec>) -> Option<Prepared> {
        let fits = function.ephemeral_mb == limits::PREPARED_EPHEMERAL_MB
            && variables::fit_running_process(&function.variables);
        if !fits || !shared.options.prepare {
            return None;
        }
        let modules = self.shelves().get(&function.runtime)?.ready.last()?.modules.clone();
        let function = function.clone();
        let runtime = function.runtime;
        blocking(move || !shadows(&function, &modules)).await.then(|| self.shelves().get_mut(&runtime)?.ready.pop())?
    }

    /// Fills a runtime's shelf in the background.
    pub fn want(&self, shared: &Arc<Shared>, runtime: RuntimeId) {
        if !shared.options.prepare || shared.is_closed() {
            return;
        }
        let mut shelves = self.shelves();
        let shelf = shelves.entry(runtime).or_default();
        while shelf.ready.len() + shelf.making < limits::PREPARED {
            shelf.making += 1;
            tokio::spawn(fill(shared.clone(), runtime));
        }
    }

    /// How many wait for a function.
    pub fn ready(&self, runtime: RuntimeId) -> usize {
        self.shelves().get(&runtime).map_or(0, |shelf| shelf.ready.len())
    }

    /// Ends all.
    pub fn clear(&self) {
        self.shelves().clear();
    }
}

async fn fill(shared: Arc<Shared>, runtime: RuntimeId) {
    let permit = shared.starts.acquire().await.expect("the semaphore is never closed");
    let made = make(&shared, runtime).await;
    drop(permit);
    let mut shelves = shared.prepared.shelves();
    let Some(shelf) = shelves.get_mut(&runtime) else { return };
    shelf.making -= 1;
    match made {
        Ok(prepared) if !shared.is_closed() => shelf.ready.push(prepared),
        Ok(_) => {}
        // Functions start without it, only slower, and say themselves what is wrong.
        Err(why) => tracing::warn!(%runtime, %why, "no environment could be prepared"),
    }
}

async fn make(shared: &Arc<Shared>, runtime: RuntimeId) -> Result<Prepared, Error> {
    let tools: Arc<Tools> = shared.tools(runtime).await?;
    let size = Size { memory_mb: limits::PREPARED_MEMORY_MB, ephemeral_mb: limits::PREPARED_EPHEMERAL_MB };
    let cell = Cell::new(&tools, size, &shared.options).await?;
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
