//! What runs a function: the runtime, or a stand-in of the tests.

use std::sync::Arc;
use tidegate_core::BoxFuture;
use tidegate_runtime::{Error, FunctionSpec, Invocation, InvocationResult, Runtime, RuntimeId};
use tidegate_types::Arn;

/// Runs function versions.
pub trait Execute: Send + Sync {
    /// Runs the function once.
    ///
    /// # Errors
    /// Only if it could not be run; an error of the function is a result.
    fn invoke<'a>(
        &'a self,
        function: &'a Arc<FunctionSpec>,
        invocation: Invocation,
    ) -> BoxFuture<'a, Result<InvocationResult, Error>>;

    /// Gets ready in the background for a function of this runtime with this much memory.
    fn prepare(&self, _runtime: RuntimeId, _memory_mb: u32) {}

    /// Shuts down idle environments of a function, or of one of its versions.
    fn retire(&self, function: &Arn, version: Option<&str>);
}

impl Execute for Runtime {
    fn invoke<'a>(
        &'a self,
        function: &'a Arc<FunctionSpec>,
        invocation: Invocation,
    ) -> BoxFuture<'a, Result<InvocationResult, Error>> {
        Box::pin(Runtime::invoke(self, function, invocation))
    }

    fn prepare(&self, runtime: RuntimeId, memory_mb: u32) {
        Runtime::prepare(self, runtime, memory_mb);
    }

    fn retire(&self, function: &Arn, version: Option<&str>) {
        Runtime::retire(self, function, version);
    }
}
