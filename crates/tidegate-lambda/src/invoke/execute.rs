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

    /// Gets a runtime ready in the background, because a function for it has come.
    fn prepare(&self, _runtime: RuntimeId) {}

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

    fn prepare(&self, runtime: RuntimeId) {
        Runtime::prepare(self, runtime);
    }

    fn retire(&self, function: &Arn, version: Option<&str>) {
        Runtime::retire(self, function, version);
    }
}
