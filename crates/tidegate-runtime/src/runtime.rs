//! The runtime's handle.

use crate::{Error, FunctionSpec, Invocation, InvocationResult, Options};
use std::sync::Arc;

/// Runs functions; cheap to clone.
#[derive(Clone)]
pub struct Runtime {
    options: Arc<Options>,
}

impl Runtime {
    /// Starts with no environment at all: they come with the first invocation.
    ///
    /// # Errors
    /// When the folders cannot be made or a required sandbox is not to be had.
    pub fn new(options: Options) -> Result<Runtime, Error> {
        std::fs::create_dir_all(&options.scratch_dir).map_err(|e| Error::Io("scratch folder", e))?;
        Ok(Runtime { options: Arc::new(options) })
    }

    /// Runs the function once, in an idle environment of this version or in a new one. The invocation goes on to its
    /// end when the returned future is dropped.
    ///
    /// # Errors
    /// Only when the function could not be run; an error of the function itself is a result.
    pub async fn invoke(&self, function: &Arc<FunctionSpec>, invocation: Invocation) -> Result<InvocationResult, Error> {
        let _ = (&self.options, function, invocation);
        Err(Error::Sandbox("not built yet".into()))
    }

    /// Shuts down the idle environments of a function (all versions, or one), for example after it was deleted.
    pub fn retire(&self, function_arn: &tidegate_types::Arn, version: Option<&str>) {
        let _ = (function_arn, version);
    }

    /// Ends all environments; running invocations get until their own timeout, at most five seconds.
    pub async fn shutdown(&self) {}
}
