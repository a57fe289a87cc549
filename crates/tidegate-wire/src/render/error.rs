//! Errors in the form of each protocol.

use super::{Answer, cbor, json::Shaped, json_type, query, rest};
use crate::cbor::{self as codec, Item};
use crate::error::{AwsErrorParts, CommonError, common_error, neutral};
use crate::xml::Writer;
use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value};
use tidegate_model::{Location, Member, Protocol, Service, Shape, Structure};

/// The answer that tells of an error.
///
/// The codes that mean the same everywhere (`AccessDeniedException`, `InternalFailure`, `NotImplemented`,
/// `SerializationException`, `ValidationException`) are replaced by what the service calls them in the client's
/// protocol, with its status. All others go out under the name or code that the model has for them.
pub fn render_error(
    error: &AwsErrorParts,
    protocol: Protocol,
    service: Option<&Service>,
    request_id: &str,
) -> Response<Bytes> {
    let localized = service.map_or_else(|| error.clone(), |service| localize(error, service, protocol));
    let found = Found::new(&localized, service);
    let mut answer = match protocol {
        Protocol::Json10 | Protocol::Json11 => found.json(protocol),
        Protocol::RestJson => found.rest_json(),
        Protocol::Query => found.query(request_id),
        Protocol::RestXml => found.rest_xml(request_id),
        Protocol::Cbor => found.cbor(),
    };
    found.bind_headers(&mut answer, protocol);
    let name = service.map_or(if protocol == Protocol::RestXml { "s3" } else { "" }, |s| s.name);
    answer.finish(name, request_id)
}

fn localize(error: &AwsErrorParts, service: &Service, protocol: Protocol) -> AwsErrorParts {
    // A service that has an error of this very name means that one.
    let modeled = service.error(&error.code).is_some();
    let Some(kind) = neutral(&error.code).filter(|kind| !modeled || *kind == CommonError::AccessDenied) else {
        return error.clone();
    };
    let own = common_error(kind, service, protocol);
    let message = if error.message.is_empty() { own.message } else { error.message.clone() };
    AwsErrorParts { code: own.code, status: own.status, message, fields: error.fields.clone() }
}

/// An error together with what the model says of it.
struct Found<'a> {
    error: &'a AwsErrorParts,
    service: Option<&'a Service>,
    shape: Option<(&'a Shape, &'a Structure)>,
}

impl<'a> Found<'a> {
    fn new(error: &'a AwsErrorParts, service: Option<&'a Service>) -> Found<'a> {
        Found { error, service, shape: service.and_then(|s| s.error(&error.code)) }
    }

    fn shape_name(&self) -> &str {
        self.shape.map_or(&self.error.code, |(shape, _)| shape.name)
    }

    /// The code of the query protocol.
    fn wire_code(&self) -> &str {
        let modeled = self.shape.and_then(|(_, structure)| structure.error?.code);
        modeled.or_else(|| legacy_code(self.service?.name, &self.error.code)).unwrap_or(&self.error.code)
    }

    fn is_sender(&self) -> bool {
        self.error.status < 500
    }

    fn members(&self) -> &'a [Member] {
        self.shape.map_or(&[], |(_, structure)| &structure.members)
    }

    fn message_member(&self) -> Option<&'a Member> {
        self.members().iter().find(|m| m.name.eq_ignore_ascii_case("message"))
    }

    /// What the message is called in JSON: as modeled, else as AWS' common layer has it.
    fn message_key(&self, protocol: Protocol) -> &'a str {
        let capital = match protocol {
            Protocol::RestJson => self.error.code == "AccessDeniedException",
            _ => ["AccessDeniedException", "SerializationException"].contains(&self.error.code.as_ref()),
        };
        self.message_member().map_or(if capital { "Message" } else { "message" }, Member::wire_name)
    }

    /// Message and further members under their wire names.
    fn json_members(&self, protocol: Protocol) -> Map<String, Value> {
        let mut object = Map::new();
        let is_modeled = |name: &str| self.members().iter().any(|m| m.name == name);
        if is_modeled("Type") && !self.error.fields.contains_key("Type") {
            object.insert("Type".into(), if self.is_sender() { "User" } else { "Service" }.into());
        }
        for (name, value) in self.error.fields.iter().filter(|(_, value)| !value.is_null()) {
            match self.members().iter().find(|m| m.name == name) {
                Some(member) if member.location != Location::Body => {}
                Some(member) => {
                    object.insert(member.wire_name().into(), self.shaped(member, value));
                }
                None => {
                    object.insert(name.clone(), value.clone());
                }
            }
        }
        if !self.error.message.is_empty() {
            object.insert(self.message_key(protocol).into(), self.error.message.clone().into());
        }
        object
    }

    fn shaped(&self, member: &Member, value: &Value) -> Value {
        let shaped = self.service.map(|service| Shaped {
            service,
            shape: service.shape(member.shape),
            format: member.timestamp,
            value,
        });
        shaped.and_then(|s| serde_json::to_value(s).ok()).unwrap_or_else(|| value.clone())
    }

    fn json(&self, protocol: Protocol) -> Answer {
        let mut object = Map::from_iter([("__type".to_owned(), Value::from(self.type_name()))]);
        object.extend(self.json_members(protocol));
        let body = Value::Object(object).to_string();
        let checksum = crc32fast::hash(body.as_bytes());
        let mut answer = Answer::new(self.error.status).typed(json_type(protocol), body);
        if self.service.is_some_and(|s| s.name == "dynamodb") {
            answer.header("x-amz-crc32", &checksum.to_string());
        }
        self.query_error(&mut answer);
        answer
    }

    /// What `__type` says: some services put the namespace of their code before the name.
    fn type_name(&self) -> String {
        let name = self.shape_name();
        match (self.service.map_or("", |s| s.name), self.shape) {
            ("cloudwatch", _) => format!("com.amazonaws.cloudwatch#{name}"),
            ("dynamodb", Some(_)) => format!("com.amazonaws.dynamodb.v20120810#{name}"),
            ("sqs", Some(_)) => format!("com.amazonaws.sqs#{name}"),
            ("dynamodb", None) if name == "ValidationException" => format!("com.amazon.coral.validate#{name}"),
            ("dynamodb" | "sqs", None) => format!("com.amazon.coral.service#{name}"),
            _ => name.to_owned(),
        }
    }

    /// Services that left the query protocol still tell clients the old code.
    fn query_error(&self, answer: &mut Answer) {
        if self.service.is_some_and(|s| s.query_compatible) {
            let fault = if self.is_sender() { "Sender" } else { "Receiver" };
            answer.header("x-amzn-query-error", &format!("{};{fault}", self.wire_code()));
        }
    }

    fn rest_json(&self) -> Answer {
        let mut answer = Answer::new(self.error.status);
        answer.header("x-amzn-errortype", self.shape_name());
        answer.typed("application/json", Value::Object(self.json_members(Protocol::RestJson)).to_string())
    }

    fn query(&self, request_id: &str) -> Answer {
        let mut out = Writer::default();
        let namespace = self.service.map(query::namespace).unwrap_or_default();
        out.element_with("ErrorResponse", &namespace, |out| {
            out.element("Error", |out| {
                out.text_element("Type", if self.is_sender() { "Sender" } else { "Receiver" });
                out.text_element("Code", self.wire_code());
                out.text_element("Message", &self.error.message);
                self.text_fields(out);
            });
            out.text_element("RequestId", request_id);
        });
        Answer::new(self.error.status).typed("text/xml", out.finish())
    }

    fn rest_xml(&self, request_id: &str) -> Answer {
        let mut out = Writer::document();
        out.element("Error", |out| {
            out.text_element("Code", self.wire_code());
            out.text_element("Message", &self.error.message);
            self.text_fields(out);
            out.text_element("RequestId", request_id);
            out.text_element("HostId", request_id);
        });
        Answer::new(self.error.status).typed("application/xml", out.finish())
    }

    fn text_fields(&self, out: &mut Writer) {
        for (name, value) in &self.error.fields {
            match value {
                Value::String(text) => out.text_element(name, text),
                Value::Number(_) | Value::Bool(_) => out.text_element(name, &value.to_string()),
                _ => {}
            }
        }
    }

    fn cbor(&self) -> Answer {
        let mut members = vec![("__type".to_owned(), Item::Text(self.type_name()))];
        for (name, value) in &self.error.fields {
            let modeled = self.members().iter().find(|m| m.name == name).zip(self.service);
            let item = modeled.map(|(m, service)| cbor::item(service, service.shape(m.shape), value));
            members.push((name.clone(), item.unwrap_or_else(|| cbor::plain(value))));
        }
        let key = self.message_member().map_or("message", |m| m.name);
        members.push((key.to_owned(), Item::Text(self.error.message.clone())));
        let mut answer = Answer::new(self.error.status);
        answer.header("smithy-protocol", "rpc-v2-cbor");
        self.query_error(&mut answer);
        answer.typed("application/cbor", codec::write(&Item::Map(members)))
    }

    /// Members that the model binds to headers (`Retry-After`).
    fn bind_headers(&self, answer: &mut Answer, protocol: Protocol) {
        let Some(service) = self.service.filter(|_| matches!(protocol, Protocol::RestJson | Protocol::RestXml)) else {
            return;
        };
        for member in self.members().iter().filter(|m| m.location == Location::Header) {
            if let Some(value) = self.error.fields.get(member.name) {
                rest::bind(answer, service, member, value);
            }
        }
    }
}

/// SQS' codes in the query protocol, which its model, now of JSON, has lost (SQS API reference, "Errors").
fn legacy_code(service: &str, code: &str) -> Option<&'static str> {
    if service != "sqs" {
        return None;
    }
    Some(match code {
        "BatchEntryIdsNotDistinct" => "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
        "BatchRequestTooLong" => "AWS.SimpleQueueService.BatchRequestTooLong",
        "EmptyBatchRequest" => "AWS.SimpleQueueService.EmptyBatchRequest",
        "InvalidBatchEntryId" => "AWS.SimpleQueueService.InvalidBatchEntryId",
        "MessageNotInflight" => "AWS.SimpleQueueService.MessageNotInflight",
        "PurgeQueueInProgress" => "AWS.SimpleQueueService.PurgeQueueInProgress",
        "QueueDeletedRecently" => "AWS.SimpleQueueService.QueueDeletedRecently",
        "QueueDoesNotExist" => "AWS.SimpleQueueService.NonExistentQueue",
        "QueueNameExists" => "QueueAlreadyExists",
        "TooManyEntriesInBatchRequest" => "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
        "UnsupportedOperation" => "AWS.SimpleQueueService.UnsupportedOperation",
        _ => return None,
    })
}
