//! The answers that the gateway gives itself when it cannot give an integration's.

use super::request::GatewayResponse;
use bytes::Bytes;
use http::{HeaderValue, header};

/// Why the gateway answers itself. The texts are those of HTTP APIs; REST APIs spell some of them differently.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The path's percent-encoding is broken.
    BadRequest,
    /// There is nothing to identify the caller by.
    Unauthorized,
    /// The caller may not call the route.
    Forbidden,
    /// No stage or no route takes the request.
    NotFound,
    /// The body is larger than an HTTP API takes.
    TooLarge,
    /// The route is called too often.
    TooManyRequests,
    /// The integration could not be called, failed, or gave an answer that is none.
    Internal,
    /// The integration took too long, or had no room.
    Unavailable,
}

impl Failure {
    /// The HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Failure::BadRequest => 400,
            Failure::Unauthorized => 401,
            Failure::Forbidden => 403,
            Failure::NotFound => 404,
            Failure::TooLarge => 413,
            Failure::TooManyRequests => 429,
            Failure::Internal => 500,
            Failure::Unavailable => 503,
        }
    }

    /// The text in the body's `message`.
    pub fn message(self) -> &'static str {
        match self {
            Failure::BadRequest => "Bad Request",
            Failure::Unauthorized => "Unauthorized",
            Failure::Forbidden => "Forbidden",
            Failure::NotFound => "Not Found",
            Failure::TooLarge => "Request Entity Too Large",
            Failure::TooManyRequests => "Too Many Requests",
            Failure::Internal => "Internal Server Error",
            Failure::Unavailable => "Service Unavailable",
        }
    }

    /// `$context.error.responseType`.
    pub fn response_type(self) -> &'static str {
        match self {
            Failure::BadRequest => "BAD_REQUEST",
            Failure::Unauthorized => "UNAUTHORIZED",
            Failure::Forbidden => "ACCESS_DENIED",
            Failure::NotFound => "RESOURCE_NOT_FOUND",
            Failure::TooLarge => "REQUEST_TOO_LARGE",
            Failure::TooManyRequests => "THROTTLED",
            Failure::Internal => "INTEGRATION_FAILURE",
            Failure::Unavailable => "INTEGRATION_TIMEOUT",
        }
    }

    /// The answer, without the headers that every answer gets.
    pub fn response(self) -> GatewayResponse {
        GatewayResponse {
            status: self.status(),
            headers: vec![(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))],
            body: Bytes::from(format!("{{\"message\":\"{}\"}}", self.message())),
        }
    }
}
