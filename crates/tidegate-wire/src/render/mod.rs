//! From a document to an answer in the protocol that the client speaks.

mod cbor;
mod error;
mod json;
mod query;
mod rest;
mod scalar;
mod xml;

use crate::Call;
use bytes::Bytes;
pub use error::render_error;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serde_json::Value;
use tidegate_model::Protocol;

/// The answer for an operation's output: an object keyed by member names, whose null members are left out.
pub fn render(call: &Call, output: &Value, request_id: &str) -> Response<Bytes> {
    match call.protocol {
        Protocol::Json10 | Protocol::Json11 => json_answer(call, json::body(call, output)),
        Protocol::Query => Answer::new(call.operation.status).typed("text/xml", query::body(call, output, request_id)),
        Protocol::Cbor => cbor::answer(call, output),
        Protocol::RestJson | Protocol::RestXml => rest::answer(call, output, None),
    }
    .finish(call.service.name, request_id)
}

/// As [`render`] for an operation whose payload member is a blob, with the blob itself beside the other members.
pub fn render_payload(call: &Call, output: &Value, payload: Bytes, request_id: &str) -> Response<Bytes> {
    rest::answer(call, output, Some(payload)).finish(call.service.name, request_id)
}

/// The answer around a JSON body that the operation wrote itself; for the json protocols and rest-json.
pub fn render_json_body(call: &Call, body: impl Into<Bytes>, request_id: &str) -> Response<Bytes> {
    json_answer(call, body).finish(call.service.name, request_id)
}

fn json_answer(call: &Call, body: impl Into<Bytes>) -> Answer {
    let (answer, body) = (Answer::new(call.operation.status), body.into());
    let checksum = (call.service.name == "dynamodb").then(|| crc32fast::hash(&body));
    let mut answer = answer.typed(json_type(call.protocol), body);
    // DynamoDB's clients compare it with what arrived.
    answer.headers.extend(checksum.map(|sum| (CRC32, HeaderValue::from(sum))));
    answer
}

fn json_type(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Json10 => "application/x-amz-json-1.0",
        Protocol::Json11 => "application/x-amz-json-1.1",
        _ => "application/json",
    }
}

const CRC32: HeaderName = HeaderName::from_static("x-amz-crc32");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
/// Room for the headers of most answers.
const HEADERS: usize = 6;

/// An answer under construction.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn new(status: u16) -> Answer {
        Answer { status, headers: HeaderMap::with_capacity(HEADERS), body: Bytes::new() }
    }

    /// With this body; its media type gives way to one that is already set, and nothing has none.
    fn typed(mut self, media_type: &'static str, body: impl Into<Bytes>) -> Answer {
        self.body = body.into();
        if !self.body.is_empty() && !self.headers.contains_key(http::header::CONTENT_TYPE) {
            self.headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        self
    }

    /// Sets a header; what HTTP does not allow in one is left out.
    fn header(&mut self, name: &str, value: &str) {
        let value = HeaderValue::from_str(value).or_else(|_| HeaderValue::from_bytes(value.as_bytes()));
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), value) {
            self.headers.insert(name, value);
        }
    }

    fn finish(mut self, service: &str, request_id: &str) -> Response<Bytes> {
        if service == "s3" {
            self.header("x-amz-request-id", request_id);
            self.header("x-amz-id-2", request_id);
        } else {
            self.headers.extend(HeaderValue::from_str(request_id).ok().map(|id| (REQUEST_ID, id)));
        }
        let mut response = Response::new(self.body);
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = self.headers;
        response
    }
}
