//! Calling a function: what API Gateway and the event sources need of Lambda.

use crate::{AwsError, BoxFuture, Context};
use bytes::Bytes;

/// How the caller waits. <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InvocationType {
    /// The answer is the function's.
    #[default]
    RequestResponse,
    /// The event is queued; the answer is empty.
    Event,
    /// Only permissions and parameters are checked.
    DryRun,
}

/// One call of a function. Who calls is the context's principal: a service principal is checked against the function's
/// resource policy with `source_arn`, anyone else against identity and resource policies.
#[derive(Debug, Clone)]
pub struct InvokeRequest {
    /// The function's ARN, with the qualifier (version or alias) if one is meant.
    pub function_arn: String,
    /// The event: JSON, at most 6 MB (256 KB for `Event`).
    pub payload: Bytes,
    /// How the caller waits.
    pub invocation_type: InvocationType,
    /// What calls, such as an API's route: the `aws:SourceArn` of the permission check.
    pub source_arn: Option<String>,
    /// The X-Ray header to pass on.
    pub trace_header: Option<String>,
    /// Whether the last 4 KB of the log are wanted.
    pub log_tail: bool,
    /// The client context, JSON.
    pub client_context: Option<String>,
}

/// What the function made of it.
#[derive(Debug, Clone, Default)]
pub struct InvokeResponse {
    /// 200, 202 for `Event`, 204 for `DryRun`.
    pub status: u16,
    /// The function's answer, or the error document.
    pub payload: Bytes,
    /// `Unhandled` or `Handled` if the function failed.
    pub function_error: Option<String>,
    /// The version that ran.
    pub executed_version: String,
    /// The last 4 KB of the log, if wanted.
    pub log_tail: Option<Bytes>,
    /// The invocation's request id.
    pub request_id: String,
}

/// Why the function did not run.
#[derive(Debug, Clone)]
pub enum InvokeError {
    /// The caller may not call it, or the function is not there.
    Refused(AwsError),
    /// No execution environment is free and none may be added.
    Throttled(AwsError),
    /// Lambda failed.
    Failed(AwsError),
}

impl InvokeError {
    /// The error as Lambda's API answers it.
    pub fn into_aws(self) -> AwsError {
        match self {
            InvokeError::Refused(e) | InvokeError::Throttled(e) | InvokeError::Failed(e) => e,
        }
    }
}

/// Lambda's data plane.
pub trait InvokeFunction: Send + Sync {
    /// Checks permissions, runs the function, waits as the invocation type says.
    fn invoke<'a>(
        &'a self,
        cx: &'a Context,
        request: InvokeRequest,
    ) -> BoxFuture<'a, Result<InvokeResponse, InvokeError>>;
}
