//! An error before it is written in some protocol, and the errors that all services share.

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

/// The situations that every service knows, each under its own code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommonError {
    /// The caller is known but may not do this.
    AccessDenied,
    /// The request is not signed.
    MissingAuthenticationToken,
    /// The signature cannot be taken apart.
    IncompleteSignature,
    /// Nobody has this access key.
    UnknownAccessKey,
    /// The signature is not the one that the secret gives.
    SignatureMismatch,
    /// The session's time is over.
    ExpiredToken,
    /// The request's time is too far from ours.
    Skewed,
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

/// Services that name common errors alike, whatever protocol a client speaks with them.
#[derive(Clone, Copy)]
enum Family {
    /// The query services, and those that began as such (SQS, CloudWatch).
    Query,
    /// JSON services: everything is 400.
    Json,
    /// REST services with JSON bodies.
    Rest,
    /// S3.
    S3,
}

fn family(service: &Header, protocol: Protocol) -> Family {
    match (service.name, protocol) {
        ("s3", _) | (_, Protocol::RestXml) => Family::S3,
        ("sqs" | "cloudwatch", _) | (_, Protocol::Query) => Family::Query,
        (_, Protocol::RestJson) => Family::Rest,
        _ => Family::Json,
    }
}

/// The code, status and usual message with which this service tells of a common situation. Codes as measured on AWS
/// where known, otherwise as on the services' "Common Errors" pages.
pub fn common_error(kind: CommonError, service: &Header, protocol: Protocol) -> AwsErrorParts {
    let [query, json, rest, s3] = codes(kind);
    let (code, status) = match family(service, protocol) {
        Family::Query => query,
        Family::Json => json,
        Family::Rest => rest,
        Family::S3 => s3,
    };
    let code = own_code(kind, service.name).unwrap_or(code);
    AwsErrorParts::new(code, status, message(kind))
}

type Codes = [(&'static str, u16); 4];

/// Codes of the families query, json, rest-json, S3.
#[rustfmt::skip]
fn codes(kind: CommonError) -> Codes {
    use CommonError::*;
    match kind {
        AccessDenied => [
            ("AccessDenied", 403), ("AccessDeniedException", 400), ("AccessDeniedException", 403), ("AccessDenied", 403)],
        MissingAuthenticationToken => [
            ("MissingAuthenticationToken", 403), ("MissingAuthenticationTokenException", 400),
            ("MissingAuthenticationTokenException", 403), ("AccessDenied", 403)],
        IncompleteSignature => [
            ("IncompleteSignature", 400), ("IncompleteSignatureException", 400),
            ("IncompleteSignatureException", 403), ("AuthorizationHeaderMalformed", 400)],
        UnknownAccessKey => [
            ("InvalidClientTokenId", 403), ("UnrecognizedClientException", 400),
            ("UnrecognizedClientException", 403), ("InvalidAccessKeyId", 403)],
        SignatureMismatch => [
            ("SignatureDoesNotMatch", 403), ("InvalidSignatureException", 400),
            ("InvalidSignatureException", 403), ("SignatureDoesNotMatch", 403)],
        ExpiredToken => [
            ("ExpiredToken", 403), ("ExpiredTokenException", 400), ("ExpiredTokenException", 403), ("ExpiredToken", 400)],
        Skewed => [
            ("SignatureDoesNotMatch", 403), ("InvalidSignatureException", 400),
            ("InvalidSignatureException", 403), ("RequestTimeTooSkewed", 403)],
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

/// What single services call otherwise than their family.
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
        MissingAuthenticationToken => "Request is missing Authentication Token",
        IncompleteSignature => "The request signature does not conform to AWS standards.",
        UnknownAccessKey => "The security token included in the request is invalid.",
        SignatureMismatch => {
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
             Key and signing method. Consult the service documentation for details."
        }
        ExpiredToken => "The security token included in the request is expired",
        Skewed => "Signature expired",
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
