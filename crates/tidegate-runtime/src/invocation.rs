//! One invocation: what goes in and what comes out.

use bytes::Bytes;

/// A request to run a function once.
#[derive(Debug, Clone, Default)]
pub struct Invocation {
    /// The request id that the client is told (a UUID); also in START, END and REPORT.
    pub request_id: String,
    /// The event: JSON text, already checked by the caller.
    pub payload: Bytes,
    /// The ARN as the caller named the function, with the qualifier only if there was one.
    pub invoked_function_arn: String,
    /// JSON text of `X-Amz-Client-Context`, decoded from base64.
    pub client_context: Option<String>,
    /// JSON text with `cognitoIdentityId` and `cognitoIdentityPoolId`.
    pub cognito_identity: Option<String>,
    /// Value for `_X_AMZN_TRACE_ID`.
    pub trace_id: Option<String>,
    /// Whether the last 4 KiB of the log are wanted (`LogType: Tail`).
    pub tail: bool,
}

/// What an invocation gave.
#[derive(Debug, Clone)]
pub struct InvocationResult {
    /// The response, or AWS' error object.
    pub payload: Bytes,
    /// Set when the payload is an error object; the value of `X-Amz-Function-Error`.
    pub function_error: Option<FunctionError>,
    /// The end of the log, if it was asked for.
    pub log_tail: Option<Vec<u8>>,
    /// What REPORT says.
    pub metrics: Metrics,
    /// Told once for each environment: the interpreter is not the wanted version, the SDK is missing …
    pub warnings: Vec<String>,
}

/// Values of `X-Amz-Function-Error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionError {
    /// The function threw, exited or ran out of time or memory.
    Unhandled,
}

impl FunctionError {
    /// The header's value.
    pub fn as_str(self) -> &'static str {
        "Unhandled"
    }
}

/// How an invocation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    /// With a response.
    #[default]
    Success,
    /// With an error of the function or of its process.
    Error,
    /// Its time was up.
    Timeout,
}

/// What was measured, as REPORT tells it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Metrics {
    /// How it ended.
    pub status: Status,
    /// Duration of the invoke phase in milliseconds.
    pub duration_ms: f64,
    /// Duration in whole milliseconds that AWS would bill, init included.
    pub billed_ms: u64,
    /// Duration of the init phase in milliseconds, if this invocation started the environment.
    pub init_ms: Option<f64>,
    /// The function's memory size in MiB.
    pub memory_mb: u32,
    /// Most memory that the environment used so far, in MiB.
    pub max_memory_mb: u32,
}
