//! From a request in any protocol to one document: a JSON object whose keys are the model's member names.
//! Bytes become base64 text, points in time become numbers of seconds, and members that the model does not know are
//! dropped, as AWS does. Nothing is checked here but types; `validate` does the rest.

mod cbor;
mod json;
mod query;
mod rest;
mod scalar;
mod xml;

use crate::{AwsErrorParts, Request, Routed};
use serde_json::{Map, Value};
use tidegate_model::Protocol;

/// The document of a request.
///
/// # Errors
/// `SerializationException` (or what the service calls it) if the body is malformed or a value has the wrong type.
pub fn parse(routed: &Routed, request: &Request) -> Result<Value, AwsErrorParts> {
    document(routed, request, true)
}

/// The document of a request without its payload member if that is a blob: for bodies that should not pass through
/// base64 (`Invoke`, `PutObject`). The body then is the payload as it is.
///
/// # Errors
/// As [`parse`].
pub fn parse_head(routed: &Routed, request: &Request) -> Result<Value, AwsErrorParts> {
    document(routed, request, false)
}

fn document(routed: &Routed, request: &Request, with_payload: bool) -> Result<Value, AwsErrorParts> {
    let call = &routed.call;
    let Some(input) = call.operation.input else { return Ok(Value::Object(Map::new())) };
    match call.protocol {
        Protocol::Json10 | Protocol::Json11 => json::body(call.service, input, request.body),
        Protocol::Query => query::body(call.service, input, request),
        Protocol::Cbor => cbor::body(call.service, input, request.body),
        Protocol::RestJson | Protocol::RestXml => rest::request(routed, request, with_payload),
    }
}
