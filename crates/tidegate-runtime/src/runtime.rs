//! The runtime's handle.

use crate::interpreter::{self, Interpreter};
use crate::shared::Shared;
use crate::tree::Size;
use crate::{Error, FunctionSpec, Invocation, InvocationResult, Options, RuntimeId, limits, process, sdk, tools};
use std::path::Path;
use std::sync::Arc;
use tidegate_types::Arn;
use tokio::time::Instant;

/// Runs functions; cheap to clone. Must be used within a tokio runtime.
#[derive(Clone)]
pub struct Runtime {
    shared: Arc<Shared>,
}

impl Runtime {
    /// Starts with no environment at all: they come with the first invocation. Raises the process' limit of open files
    /// as far as it may, for each environment holds about ten.
    ///
    /// # Errors
    /// When the folders cannot be made.
    pub fn new(options: Options) -> Result<Runtime, Error> {
        let scratch = &options.scratch_dir;
        match std::fs::remove_dir_all(scratch) {
            Err(why) if why.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::Io("empty the scratch folder", why));
            }
            _ => {}
        }
        for folder in [scratch.join("layers"), options.cache_dir.clone()] {
            std::fs::create_dir_all(folder).map_err(|why| Error::Io("make the runtime's folders", why))?;
        }
        raise_open_files();
        Ok(Runtime { shared: Arc::new(Shared::new(options)) })
    }

    /// Runs the function once, in an idle environment of this version or in a new one. Once an environment has it, the
    /// invocation goes on to its end even if the returned future is dropped.
    ///
    /// # Errors
    /// Only when the function could not be run; an error of the function itself is a result.
    pub async fn invoke(
        &self,
        function: &Arc<FunctionSpec>,
        invocation: Invocation,
    ) -> Result<InvocationResult, Error> {
        if invocation.payload.len() > limits::PAYLOAD_BYTES_MAX {
            return Err(Error::PayloadTooLarge);
        }
        self.shared.pool(function).invoke(&self.shared, function, invocation).await
    }

    /// Gets ready in the background for functions of a runtime with this much memory: interpreter, SDK, prepared
    /// environments. For when a function is created.
    pub fn prepare(&self, runtime: RuntimeId, memory_mb: u32) {
        let size = Size { memory_mb, ephemeral_mb: limits::EPHEMERAL_MB_DEFAULT };
        self.shared.prepared.want(&self.shared, runtime, size);
    }

    /// How many environments wait prepared for functions of a runtime.
    pub fn prepared(&self, runtime: RuntimeId) -> usize {
        self.shared.prepared.ready(runtime)
    }

    /// How many environments there are, prepared ones apart.
    pub fn environments(&self) -> usize {
        self.shared.environments()
    }

    /// Ends the idle environments of a function (all versions, or one), and the others after their invocation; for
    /// example after the function was deleted.
    pub fn retire(&self, function_arn: &Arn, version: Option<&str>) {
        self.shared.take_pools(function_arn, version).iter().for_each(|pool| pool.close());
    }

    /// The interpreter that stands for a runtime on this machine.
    ///
    /// # Errors
    /// [`Error::InterpreterMissing`]
    pub async fn interpreter(&self, runtime: RuntimeId) -> Result<Interpreter, Error> {
        tools::find_interpreter(runtime, self.shared.options.cache_dir.clone()).await
    }

    /// All interpreters of a runtime's family on this machine.
    pub async fn interpreters(&self, runtime: RuntimeId) -> Vec<Interpreter> {
        let cache_dir = self.shared.options.cache_dir.clone();
        process::blocking(move || interpreter::discover(runtime, &cache_dir)).await
    }

    /// Installs a runtime's SDK now, telling each step.
    ///
    /// # Errors
    /// [`Error::InterpreterMissing`], or [`Error::Sdk`] with what went wrong.
    pub async fn install_sdk(
        &self,
        runtime: RuntimeId,
        progress: impl FnMut(&str) + Send + 'static,
    ) -> Result<(), Error> {
        let interpreter = self.interpreter(runtime).await?;
        let cache_dir = self.shared.options.cache_dir.clone();
        let done: Result<(), sdk::Error> = tools::install(runtime, interpreter, cache_dir, progress).await;
        done.map_err(|why| Error::Sdk(why.to_string()))
    }

    /// Takes no more invocations, waits for those that run until then at most, and ends all environments.
    pub async fn shutdown(&self, until: Instant) {
        let pools = self.shared.close();
        while Instant::now() < until && pools.iter().any(|pool| pool.running() > 0) {
            tokio::time::sleep(limits::SHUTDOWN_POLL).await;
        }
        pools.iter().for_each(|pool| pool.close());
        self.shared.prepared.clear();
    }
}

/// The soft limit is low for the sake of programs that use select(2), which this one does not. Where it cannot be raised
/// there are fewer environments.
fn raise_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}

/// Installs a runtime's SDK without a [`Runtime`], for the command line; `progress` gets a line for each step. Blocks as
/// long as downloads take.
///
/// # Errors
/// [`Error::Sdk`] with what went wrong.
pub fn install_sdk(
    cache_dir: &Path,
    runtime: RuntimeId,
    interpreter: &Interpreter,
    progress: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    sdk::install(cache_dir, runtime, interpreter, progress).map_err(|why| Error::Sdk(why.to_string()))
}
