//! How an invocation ended, in AWS' words.
//! <https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html>

use super::init::Failure;
use crate::process::Exit;
use crate::{FunctionError, Status, limits};
use bytes::Bytes;
use serde_json::json;
use tidegate_sandbox::Status as ProcessStatus;

/// How an invocation ended.
pub(super) enum Outcome {
    /// The handler's value.
    Response(Bytes),
    /// The handler's error, as its runtime describes it.
    Error(Bytes),
    /// The error that kept the handler from being loaded, as its runtime describes it.
    NotLoaded(Bytes),
    /// The response is larger than any may be.
    TooLarge,
    /// The process ended before it answered.
    Exited(Exit),
    /// The time was up.
    TimedOut,
    /// The machine could not do it.
    Broken(String),
}

/// An outcome as the caller and the log see it.
pub(super) struct Answer {
    pub payload: Bytes,
    pub function_error: Option<FunctionError>,
    pub status: Status,
    /// AWS' own name of the error; none for errors of the handler.
    pub error_type: Option<String>,
}

impl From<Failure> for Outcome {
    fn from(failure: Failure) -> Outcome {
        match failure {
            Failure::Error(body) => Outcome::NotLoaded(body),
            Failure::Exited(exit) => Outcome::Exited(exit),
            Failure::TimedOut => Outcome::TimedOut,
        }
    }
}

impl Outcome {
    /// Whether the process can take another invocation.
    pub fn leaves_process(&self) -> bool {
        matches!(self, Outcome::Response(_) | Outcome::Error(_) | Outcome::TooLarge)
    }

    /// Whether not only the process but the sandbox is lost.
    pub fn breaks_environment(&self) -> bool {
        matches!(self, Outcome::Broken(_) | Outcome::Exited(Exit { status: None, .. }))
    }

    /// The answer in AWS' words.
    pub fn answer(self, request_id: &str, timeout_ms: u32) -> Answer {
        let told = |payload, status, error_type: Option<&str>| Answer {
            payload,
            function_error: Some(FunctionError::Unhandled),
            status,
            error_type: error_type.map(str::to_owned),
        };
        match self {
            Outcome::Response(payload) => {
                Answer { payload, function_error: None, status: Status::Success, error_type: None }
            }
            Outcome::Error(payload) => {
                let kind = super::init::error_type(&payload).filter(|kind| kind.starts_with("Runtime."));
                told(payload, Status::Error, kind.as_deref())
            }
            Outcome::NotLoaded(payload) => {
                let kind = super::init::error_type(&payload).map(platform_name);
                told(payload, Status::Error, kind.as_deref())
            }
            Outcome::TooLarge => {
                let max = limits::RESPONSE_BYTES_MAX;
                let kind = "Function.ResponseSizeTooLarge";
                let message = format!("Response payload size exceeded maximum allowed payload size ({max} bytes).");
                let body = json!({ "errorMessage": message, "errorType": kind }).to_string();
                told(body.into(), Status::Error, Some(kind))
            }
            Outcome::Exited(exit) => {
                let kind = exit.error_type();
                told(error_body(kind, request_id, &exit.message()), Status::Error, Some(kind))
            }
            Outcome::TimedOut => {
                let message = format!("Task timed out after {:.2} seconds", f64::from(timeout_ms) / 1000.0);
                told(error_body("Sandbox.Timedout", request_id, &message), Status::Timeout, None)
            }
            Outcome::Broken(why) => {
                let kind = "Sandbox.Failure";
                told(error_body(kind, request_id, &why), Status::Error, Some(kind))
            }
        }
    }
}

/// The name by which the platform's own log lines know an error of the init phase: those that are not the runtime's, such
/// as `ValueError`, have one name there.
pub(super) fn platform_name(kind: String) -> String {
    let own = ["Runtime.", "Function."].iter().any(|prefix| kind.starts_with(prefix));
    if own { kind } else { "Runtime.Unknown".into() }
}

fn error_body(kind: &str, request_id: &str, message: &str) -> Bytes {
    let message = format!("RequestId: {request_id} Error: {message}");
    json!({ "errorType": kind, "errorMessage": message }).to_string().into()
}

impl Exit {
    /// What a shell says of a program that is not there.
    pub(super) fn not_found() -> Exit {
        Exit { status: Some(ProcessStatus::Code(127)), out_of_memory: false }
    }

    pub(super) fn error_type(&self) -> &'static str {
        if self.out_of_memory { "Runtime.OutOfMemory" } else { "Runtime.ExitError" }
    }

    pub(super) fn message(&self) -> String {
        match self.status {
            Some(ProcessStatus::Code(0)) | None => "Runtime exited without providing a reason".into(),
            Some(ProcessStatus::Code(code)) => format!("Runtime exited with error: exit status {code}"),
            Some(ProcessStatus::Signal(signal)) => {
                format!("Runtime exited with error: signal: {}", signal_name(signal))
            }
        }
    }
}

/// The words for a signal that a process ends by (signal(7)); AWS writes them in lower case.
fn signal_name(signal: i32) -> String {
    let name = match signal {
        1 => "hangup",
        2 => "interrupt",
        3 => "quit",
        4 => "illegal instruction",
        5 => "trace/breakpoint trap",
        6 => "aborted",
        7 => "bus error",
        8 => "floating point exception",
        9 => "killed",
        11 => "segmentation fault",
        13 => "broken pipe",
        14 => "alarm clock",
        15 => "terminated",
        31 => "bad system call",
        other => return format!("signal {other}"),
    };
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Payloads as AWS answers them (recorded; the wording of exits is that of Go's os/exec).
    #[test]
    fn payloads() {
        let exit = |status, out_of_memory| Outcome::Exited(Exit { status: Some(status), out_of_memory });
        let table: [(Outcome, &str); 7] = [
            (Outcome::Response("1".into()), "1"),
            (
                Outcome::TimedOut,
                r#"{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: id Error: Task timed out after 1.00 seconds"}"#,
            ),
            (
                exit(ProcessStatus::Code(0), false),
                r#"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: id Error: Runtime exited without providing a reason"}"#,
            ),
            (
                exit(ProcessStatus::Code(127), false),
                r#"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: id Error: Runtime exited with error: exit status 127"}"#,
            ),
            (
                exit(ProcessStatus::Signal(11), false),
                r#"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: id Error: Runtime exited with error: signal: segmentation fault"}"#,
            ),
            (
                exit(ProcessStatus::Signal(9), true),
                r#"{"errorType":"Runtime.OutOfMemory","errorMessage":"RequestId: id Error: Runtime exited with error: signal: killed"}"#,
            ),
            (
                Outcome::TooLarge,
                r#"{"errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"}"#,
            ),
        ];
        for (outcome, payload) in table {
            let failed = !matches!(outcome, Outcome::Response(_));
            let answer = outcome.answer("id", 1000);
            assert_eq!(std::str::from_utf8(&answer.payload), Ok(payload));
            assert_eq!((answer.function_error.is_some(), answer.status != Status::Success), (failed, failed));
        }
    }
}
