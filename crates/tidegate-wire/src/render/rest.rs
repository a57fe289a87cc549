//! Answers of the REST protocols: members in status, headers and body.

use super::xml::Elements;
use super::{Answer, json, scalar};
use crate::Call;
use crate::xml::{Writer, attribute};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::Value;
use tidegate_model::{Kind, Location, Member, Namespace, Protocol, Service, Structure, TimestampFormat};

pub(super) fn answer(call: &Call, output: &Value, payload: Option<Bytes>) -> Answer {
    let mut answer = Answer::new(call.operation.status);
    let Some(structure) = call.output() else { return answer };
    for member in &structure.members {
        if let Some(value) = output.get(member.name).filter(|v| !v.is_null()) {
            bind(&mut answer, call.service, member, value);
        }
    }
    if answer.status == 204 {
        return answer;
    }
    match (structure.payload_member(), payload) {
        (Some(_), Some(payload)) => answer.typed(blob_type(call.protocol), payload),
        (Some(member), None) => payload_body(answer, call, member, output.get(member.name)),
        (None, _) => body(answer, call, structure, output),
    }
}

/// Puts what the status or a header carries where it belongs.
pub(super) fn bind(answer: &mut Answer, service: &Service, member: &Member, value: &Value) {
    let shape = service.shape(member.shape);
    let format = member.timestamp.unwrap_or(TimestampFormat::HttpDate);
    match (member.location, value) {
        (Location::StatusCode, value) => {
            answer.status = value.as_u64().and_then(|n| u16::try_from(n).ok()).unwrap_or(answer.status);
        }
        (Location::Header, Value::Array(entries)) => {
            let texts: Vec<_> = entries.iter().filter_map(Value::as_str).collect();
            answer.header(member.wire_name(), &texts.join(","));
        }
        (Location::Header, value) => {
            answer.header(member.wire_name(), &scalar::text(service, shape, value, format));
        }
        (Location::Headers, Value::Object(entries)) => {
            for (key, value) in entries {
                let text = value.as_str().unwrap_or_default();
                answer.header(&format!("{}{key}", member.wire_name()), text);
            }
        }
        _ => {}
    }
}

/// The body's members as one JSON object or XML document. An output whose members are all elsewhere has no body in XML
/// and an empty object in JSON.
fn body(answer: Answer, call: &Call, structure: &Structure, output: &Value) -> Answer {
    let Some(shape) = call.operation.output.map(|id| call.service.shape(id)) else { return answer };
    let in_body = structure.members.iter().any(|m| m.location == Location::Body);
    match call.protocol {
        Protocol::RestXml if !in_body => answer,
        Protocol::RestXml => {
            let mut out = Writer::document();
            let elements = Elements { service: call.service };
            let name = root_name(call.operation.name).or(shape.wire_name).unwrap_or(shape.name);
            out.element_with(name, &root_namespace(call.service), |out| elements.members(out, structure, output));
            answer.typed("application/xml", out.finish())
        }
        _ => answer.typed("application/json", json::document(call.service, shape, output)),
    }
}

/// The root elements that S3 writes, where they are not the output shapes' names (API reference, "Response Syntax").
fn root_name(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "ListBuckets" | "ListDirectoryBuckets" => "ListAllMyBucketsResult",
        "ListObjects" | "ListObjectsV2" => "ListBucketResult",
        "ListObjectVersions" => "ListVersionsResult",
        "ListMultipartUploads" => "ListMultipartUploadsResult",
        "ListParts" => "ListPartsResult",
        "CreateMultipartUpload" => "InitiateMultipartUploadResult",
        "CompleteMultipartUpload" => "CompleteMultipartUploadResult",
        "DeleteObjects" => "DeleteResult",
        "GetBucketAcl" | "GetObjectAcl" => "AccessControlPolicy",
        "GetBucketCors" => "CORSConfiguration",
        "GetBucketTagging" | "GetObjectTagging" => "Tagging",
        "GetBucketVersioning" => "VersioningConfiguration",
        "GetBucketWebsite" => "WebsiteConfiguration",
        "GetBucketLifecycleConfiguration" => "LifecycleConfiguration",
        "GetBucketLogging" => "BucketLoggingStatus",
        "GetBucketRequestPayment" => "RequestPaymentConfiguration",
        "GetBucketAccelerateConfiguration" => "AccelerateConfiguration",
        "GetBucketLocation" => "LocationConstraint",
        "GetObjectAttributes" => "GetObjectAttributesResponse",
        _ => return None,
    })
}

fn root_namespace(service: &Service) -> String {
    let uri = service.namespace.or((service.name == "s3").then_some("http://s3.amazonaws.com/doc/2006-03-01/"));
    uri.map(|uri| attribute("xmlns", uri)).unwrap_or_default()
}

fn blob_type(protocol: Protocol) -> &'static str {
    // Lambda's payloads are JSON, whatever the function gave; S3's objects are what they were stored as.
    if protocol == Protocol::RestXml { "binary/octet-stream" } else { "application/json" }
}

/// A body that is one member.
fn payload_body(answer: Answer, call: &Call, member: &Member, value: Option<&Value>) -> Answer {
    let Some(value) = value.filter(|v| !v.is_null()) else { return answer };
    let shape = call.service.shape(member.shape);
    match (&shape.kind, value) {
        (Kind::Blob, Value::String(text)) => {
            answer.typed(blob_type(call.protocol), STANDARD.decode(text).unwrap_or_default())
        }
        (Kind::String, Value::String(text)) => answer.typed("text/plain", text.clone()),
        _ if call.protocol == Protocol::RestXml => {
            let mut out = Writer::document();
            let name = member.wire.or(shape.wire_name).unwrap_or(shape.name);
            let s3 = (call.service.name == "s3").then_some("http://s3.amazonaws.com/doc/2006-03-01/");
            let own = s3.map(|uri| Namespace { uri, prefix: None });
            let elements = Elements { service: call.service };
            elements.value(&mut out, shape, name, member.namespace.or(shape.namespace).or(own), value);
            answer.typed("application/xml", out.finish())
        }
        _ => answer.typed("application/json", json::document(call.service, shape, value)),
    }
}
