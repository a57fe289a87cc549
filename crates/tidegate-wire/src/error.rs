//! An error before it is written in some protocol, and the errors that all services share.

use crate::sigv4::Dialect;
use serde_json::{Map, Value};
use std::borrow::Cow;
use tidegate_model::{Header, Protocol};

/// An error's parts; `tidegate-core`'s `AwsError` has the same.
#[derive(Debug, Clone, PartialEq)]
pub struct AwsErrorParts {
    /// The error shape's name, or its code on the wire.
    pub code: Cow<'static, str>,
    /// HTTP status, 400 to 599.
    pub status: u16,
    /// What the client reads; may be empty.
    pub message: String,
    /// Further members of the error's shape.
    pub fields: Map<String, Value>,
}

impl AwsErrorParts {
    /// An error without further members.
    pub fn new(code: impl Into<Cow<'static, str>>, status: u16, message: impl Into<String>) -> AwsErrorParts {
        AwsErrorParts { code: code.into(), status, message: message.into(), fields: Map::new() }
    }

    /// The same error with this message.
    pub fn with_message(self, message: impl Into<String>) -> AwsErrorParts {
        AwsErrorParts { message: message.into(), ..self }
    }

    /// A body that is not what the protocol or the model asks for; `render_error` gives the code that the service uses.
    pub(crate) fn serialization(message: impl Into<String>) -> AwsErrorParts {
        AwsErrorParts::new(SERIALIZATION, 400, message)
    }
}

impl std::fmt::Display for AwsErrorParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}): {}", self.code, self.status, self.message)
    }
}

impl std::error::Error for AwsErrorParts {}

pub(crate) const SERIALIZATION: &str = "SerializationException";
const VALIDATION: &str = "ValidationException";

/// The situations that every service knows, each under its own code. What is wrong with a signature is told by
/// [`crate::sigv4::Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommonError {
    /// The caller is known but may not do this.
    AccessDenied,
    /// AWS has it, we do not.
    NotImplemented,
    /// Nobody has it.
    UnknownOperation,
    /// Our fault.
    InternalFailure,
    /// The body is too large.
    RequestTooLarge,
    /// The body cannot be read.
    Unreadable,
    /// The input breaks the model's rules.
    Validation,
}

impl Dialect {
    /// How a service names the errors that all have. The query services, and those that began as such (SQS,
    /// CloudWatch), keep their codes whatever protocol the client speaks.
    pub fn of(service: &Header, protocol: Protocol) -> Dialect {
        match (service.name, protocol) {
            ("s3", _) | (_, Protocol::RestXml) => Dialect::S3,
            ("sqs" | "cloudwatch", _) | (_, Protocol::Query) => Dialect::Query,
            (_, Protocol::RestJson) => Dialect::RestJson,
            _ => Dialect::Json,
        }
    }
}

/// The code, status and usual message with which this service tells of a common situation. Codes as measured on AWS
/// where known, otherwise as on the services' "Common Errors" pages.
pub fn common_error(kind: CommonError, service: &Header, protocol: Protocol) -> AwsErrorParts {
    let [query, json, rest, s3] = codes(kind);
    let (code, status) = match Dialect::of(service, protocol) {
        Dialect::Query => query,
        Dialect::Json => json,
        Dialect::RestJson => rest,
        Dialect::S3 => s3,
    };
    let code = own_code(kind, service.name).unwrap_or(code);
    AwsErrorParts::new(code, status, message(kind))
}

type Codes = [(&'static str, u16); 4];

/// Codes of the dialects query, json, rest-json, S3.
#[rustfmt::skip]
fn codes(kind: CommonError) -> Codes {
    use CommonError::*;
    match kind {
        AccessDenied => [
            ("AccessDenied", 403), ("AccessDeniedException", 400), ("AccessDeniedException", 403), ("AccessDenied", 403)],
        NotImplemented => [
            ("NotImplemented", 501), ("NotImplementedException", 501), ("NotImplementedException", 501), ("NotImplemented", 501)],
        UnknownOperation => [
            ("InvalidAction", 400), ("UnknownOperationException", 400),
            ("UnknownOperationException", 404), ("MethodNotAllowed", 405)],
        InternalFailure => [
            ("InternalFailure", 500), ("InternalFailure", 500), ("InternalFailure", 500), ("InternalError", 500)],
        RequestTooLarge => [
            ("RequestEntityTooLarge", 413), ("RequestEntityTooLargeException", 413),
            ("RequestEntityTooLargeException", 413), ("EntityTooLarge", 400)],
        Unreadable => [
            ("MalformedInput", 400), (SERIALIZATION, 400), (SERIALIZATION, 400), ("MalformedXML", 400)],
        Validation => [
            ("ValidationError", 400), (VALIDATION, 400), (VALIDATION, 400), ("InvalidArgument", 400)],
    }
}

/// What single services call otherwise than their kin.
fn own_code(kind: CommonError, service: &str) -> Option<&'static str> {
    match (kind, service) {
        (CommonError::Validation, "logs" | "cognito-idp") => Some("InvalidParameterException"),
        (CommonError::Validation, "apigateway" | "apigatewayv2") => Some("BadRequestException"),
        (CommonError::Validation, "xray") => Some("InvalidRequestException"),
        (CommonError::Validation, "sns") => Some("InvalidParameter"),
        (CommonError::InternalFailure, "dynamodb") => Some("InternalServerError"),
        (CommonError::InternalFailure, "lambda") => Some("ServiceException"),
        _ => None,
    }
}

fn message(kind: CommonError) -> &'static str {
    use CommonError::*;
    match kind {
        AccessDenied => "Access Denied",
        NotImplemented => "Tidegate does not implement this.",
        UnknownOperation | Unreadable | Validation => "",
        InternalFailure => "The request processing has failed because of an unknown error, exception or failure.",
        RequestTooLarge => "The request body is too large.",
    }
}

/// The situation that a service-neutral code stands for.
pub(crate) fn neutral(code: &str) -> Option<CommonError> {
    Some(match code {
        "AccessDeniedException" => CommonError::AccessDenied,
        "InternalFailure" => CommonError::InternalFailure,
        "NotImplemented" => CommonError::NotImplemented,
        SERIALIZATION => CommonError::Unreadable,
        VALIDATION => CommonError::Validation,
        _ => return None,
    })
}
