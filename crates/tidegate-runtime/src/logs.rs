//! Where log lines go.

use crate::FunctionSpec;

/// One log event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEvent {
    /// Milliseconds since 1970.
    pub timestamp_ms: u64,
    /// The text, with its final newline where AWS has one.
    pub message: String,
}

/// Takes the log events of functions as they happen: at most 100 ms late, and before the invocation's result.
pub trait LogOutput: Send + Sync {
    /// Events of one log stream in order. Called on the executor: it must hand them on and not wait.
    fn lines(&self, function: &FunctionSpec, stream: &str, events: Vec<LogEvent>);
}
