//! The one form in which every service's error reaches the wire layer.

use serde_json::{Map, Value};
use std::borrow::Cow;

/// An error as an AWS service answers it: code, HTTP status, message and the further members of its shape.
///
/// The code is the shape's name in the API model. The few errors that every service shares (access denied, internal
/// failure …) are made by the functions below; the wire layer spells them as the client's protocol does.
#[derive(Debug, Clone, PartialEq)]
pub struct AwsError {
    /// The error's shape name, such as `ResourceNotFoundException`.
    pub code: Cow<'static, str>,
    /// HTTP status, 400 to 599.
    pub status: u16,
    /// What the client reads.
    pub message: String,
    /// Further members of the error's shape, such as `Type` or `CancellationReasons`.
    pub fields: Map<String, Value>,
}

impl AwsError {
    /// The code that stands for "not allowed"; the wire layer turns it into the protocol's own.
    pub const ACCESS_DENIED: &'static str = "AccessDeniedException";
    /// The code that stands for an internal fault.
    pub const INTERNAL_FAILURE: &'static str = "InternalFailure";
    /// The code of what Tidegate does not offer.
    pub const NOT_IMPLEMENTED: &'static str = "NotImplemented";
    /// The code of input that breaks the model or a service's rules.
    pub const VALIDATION: &'static str = "ValidationException";

    /// An error of a service's own.
    pub fn new(code: &'static str, status: u16, message: impl Into<String>) -> AwsError {
        AwsError { code: Cow::Borrowed(code), status, message: message.into(), fields: Map::new() }
    }

    /// The caller may not do this; the message is AWS' sentence.
    pub fn access_denied(message: impl Into<String>) -> AwsError {
        AwsError::new(AwsError::ACCESS_DENIED, 403, message)
    }

    /// Something failed inside; the cause goes to the log, never to the client.
    pub fn internal() -> AwsError {
        AwsError::new(AwsError::INTERNAL_FAILURE, 500, "The request processing has failed because of an unknown error.")
    }

    /// A parameter or operation that Tidegate does not offer; the message names it.
    pub fn not_implemented(what: impl Into<String>) -> AwsError {
        AwsError::new(AwsError::NOT_IMPLEMENTED, 501, what)
    }

    /// Input that breaks a rule; 400.
    pub fn validation(message: impl Into<String>) -> AwsError {
        AwsError::new(AwsError::VALIDATION, 400, message)
    }

    /// The same error with one more member.
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> AwsError {
        self.fields.insert(member.to_owned(), value.into());
        self
    }
}

impl std::fmt::Display for AwsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}): {}", self.code, self.status, self.message)
    }
}

impl std::error::Error for AwsError {}
