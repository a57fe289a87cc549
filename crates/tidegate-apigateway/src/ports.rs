//! What API Gateway needs of other services.

use std::sync::Arc;
use tidegate_core::ports::{AssumeRole, InvokeFunction, LogSink};

/// What API Gateway needs of other services.
#[derive(Clone)]
pub struct Ports {
    /// Lambda.
    pub functions: Arc<dyn InvokeFunction>,
    /// CloudWatch Logs.
    pub logs: Arc<dyn LogSink>,
    /// STS.
    pub roles: Arc<dyn AssumeRole>,
}
