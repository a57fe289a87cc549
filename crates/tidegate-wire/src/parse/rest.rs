//! REST requests: members out of path, query string, headers and body.

use super::{json, scalar, xml};
use crate::request::Request;
use crate::{AwsErrorParts, Routed};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};
use std::borrow::Cow;
use tidegate_model::{Kind, Location, Member, Protocol, Service, Shape, Structure, TimestampFormat};

type Read<T> = Result<T, AwsErrorParts>;
type Pairs<'a> = [(Cow<'a, str>, Cow<'a, str>)];

pub(super) fn request(routed: &Routed, request: &Request, with_payload: bool) -> Read<Value> {
    let (service, protocol) = (routed.call.service, routed.call.protocol);
    let Some(input) = routed.call.input() else { return Ok(Value::Object(Map::new())) };
    let mut document = match input.payload_member() {
        Some(member) => payload(service, protocol, member, request, with_payload)?,
        None => body(routed, input, request)?,
    };
    let mut query = request.query_pairs();
    // Literal parts of the route are no parameters.
    query.retain(|(key, _)| !routed.call.operation.route.query.iter().any(|(literal, _)| key == literal));
    for member in &input.members {
        let shape = service.shape(member.shape);
        let value = match member.location {
            Location::Uri => label(routed, member, shape)?,
            Location::Query => from_query(service, input, member, shape, &query)?,
            Location::Header => header(service, member, shape, request)?,
            Location::Headers => headers(member, request),
            Location::Body | Location::StatusCode => None,
        };
        value.map(|value| document.insert(member.name.to_owned(), value));
    }
    Ok(Value::Object(document))
}

fn body(routed: &Routed, input: &Structure, request: &Request) -> Read<Map<String, Value>> {
    let service = routed.call.service;
    if !input.members.iter().any(|m| m.location == Location::Body) {
        return Ok(Map::new());
    }
    match routed.call.protocol {
        Protocol::RestXml => xml::body_members(service, input, request.body),
        _ => json::body_members(service, input, request.body),
    }
}

/// A body that is one member. Nothing at all is no member; but a blob may be empty.
fn payload(
    service: &Service,
    protocol: Protocol,
    member: &Member,
    request: &Request,
    with_payload: bool,
) -> Read<Map<String, Value>> {
    let shape = service.shape(member.shape);
    let bytes = request.body;
    let value = match &shape.kind {
        Kind::Structure(structure) if structure.event_stream => return Ok(Map::new()),
        Kind::Blob if !with_payload => return Ok(Map::new()),
        _ if bytes.is_empty() => return Ok(Map::new()),
        Kind::Blob => STANDARD.encode(bytes).into(),
        Kind::String => String::from_utf8_lossy(bytes).into(),
        _ if protocol == Protocol::RestXml => xml::document(service, shape, bytes)?,
        _ => json::value_of(service, shape, bytes)?,
    };
    Ok(Map::from_iter([(member.name.to_owned(), value)]))
}

fn label(routed: &Routed, member: &Member, shape: &Shape) -> Read<Option<Value>> {
    let found = routed.labels.iter().find(|(name, _)| *name == member.wire_name());
    found.map(|(_, text)| scalar::read(shape, text, format(member, TimestampFormat::Iso8601))).transpose()
}

fn format(member: &Member, default: TimestampFormat) -> TimestampFormat {
    member.timestamp.unwrap_or(default)
}

fn from_query(
    service: &Service,
    input: &Structure,
    member: &Member,
    shape: &Shape,
    query: &Pairs,
) -> Read<Option<Value>> {
    let format = format(member, TimestampFormat::Iso8601);
    let mut named = query.iter().filter(|(key, _)| key == member.wire_name()).map(|(_, value)| value);
    match &shape.kind {
        Kind::List(of) => {
            let of = service.shape(of.shape);
            let entries = named.map(|text| scalar::read(of, text, format)).collect::<Read<Vec<_>>>()?;
            Ok((!entries.is_empty()).then_some(Value::Array(entries)))
        }
        Kind::Map { value, .. } => Ok(unbound(service.shape(value.shape), input, query)),
        _ => named.next().map(|text| scalar::read(shape, text, format)).transpose(),
    }
}

/// The parameters that no other member is bound to.
fn unbound(of: &Shape, input: &Structure, query: &Pairs) -> Option<Value> {
    let is_bound = |key: &str| input.members.iter().any(|m| m.location == Location::Query && m.wire_name() == key);
    let mut entries = Map::new();
    for (key, value) in query.iter().filter(|(key, _)| !is_bound(key)) {
        let value = Value::from(value.as_ref());
        match &of.kind {
            Kind::List(_) => {
                let list = entries.entry(key.as_ref()).or_insert_with(|| Value::Array(Vec::new()));
                list.as_array_mut().into_iter().for_each(|list| list.push(value.clone()));
            }
            _ => {
                entries.insert(key.as_ref().to_owned(), value);
            }
        }
    }
    (!entries.is_empty()).then_some(Value::Object(entries))
}

fn header(service: &Service, member: &Member, shape: &Shape, request: &Request) -> Read<Option<Value>> {
    let format = format(member, TimestampFormat::HttpDate);
    let values =
        request.headers.get_all(member.wire_name()).iter().filter_map(|v| std::str::from_utf8(v.as_bytes()).ok());
    match &shape.kind {
        Kind::List(of) => {
            let of = service.shape(of.shape);
            let parts = values.flat_map(|v| v.split(',')).map(str::trim).filter(|part| !part.is_empty());
            let entries = parts.map(|part| scalar::read(of, part, format)).collect::<Read<Vec<_>>>()?;
            Ok((!entries.is_empty()).then_some(Value::Array(entries)))
        }
        _ => values.take(1).map(|text| scalar::read(shape, text, format)).next().transpose(),
    }
}

fn headers(member: &Member, request: &Request) -> Option<Value> {
    let prefix = member.wire_name().to_ascii_lowercase();
    let entries = request.headers.iter().filter_map(|(name, value)| {
        let key = name.as_str().strip_prefix(&prefix)?;
        Some((key.to_owned(), Value::from(std::str::from_utf8(value.as_bytes()).ok()?)))
    });
    let entries: Map<_, _> = entries.collect();
    (!entries.is_empty()).then_some(Value::Object(entries))
}
