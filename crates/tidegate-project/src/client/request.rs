//! From a document to the request that carries it, in the service's first protocol.

use super::names::members;
use bytes::Bytes;
use http::{Request, header};
use serde_json::{Map, Value};
use tidegate_model::{Kind, Location, Member, Operation, Protocol, Segment, Service, ShapeId, Structure};

/// The request, not yet signed.
pub fn build(service: &Service, operation: &Operation, input: &Value) -> Request<Bytes> {
    match service.protocols.first() {
        Some(Protocol::Json10) => json(service, operation, input, "1.0"),
        Some(Protocol::Json11) => json(service, operation, input, "1.1"),
        Some(Protocol::Query) => query(service, operation, input),
        _ => rest(service, operation, input),
    }
}

fn json(service: &Service, operation: &Operation, input: &Value, version: &str) -> Request<Bytes> {
    let target = format!("{}.{}", service.target_prefix.unwrap_or_default(), operation.name);
    request("POST", "/")
        .header(header::CONTENT_TYPE, format!("application/x-amz-json-{version}"))
        .header("x-amz-target", target)
        .body(input.to_string().into())
        .expect("the model's names are valid header values")
}

fn request(method: &str, uri: &str) -> http::request::Builder {
    Request::builder().method(method).uri(uri)
}

fn query(service: &Service, operation: &Operation, input: &Value) -> Request<Bytes> {
    let mut pairs =
        vec![("Action".to_owned(), operation.name.to_owned()), ("Version".to_owned(), service.version.to_owned())];
    if let Some(shape) = operation.input {
        flatten(service, shape, "", input, false, &mut pairs);
    }
    let body =
        pairs.iter().map(|(key, value)| format!("{}={}", escape(key, ""), escape(value, ""))).collect::<Vec<_>>();
    request("POST", "/")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=utf-8")
        .body(body.join("&").into())
        .expect("the header above is valid")
}

/// Query's form of nested values: `Tags.member.1.Key=…`.
/// <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>
fn flatten(
    service: &Service,
    shape: ShapeId,
    prefix: &str,
    value: &Value,
    flat: bool,
    pairs: &mut Vec<(String, String)>,
) {
    match (&service.shape(shape).kind, value) {
        (_, Value::Null) => {}
        (Kind::Structure(structure), Value::Object(members)) => {
            for (name, value) in members {
                let Some(member) = structure.member(name) else { continue };
                let name = join(prefix, member.wire_name());
                flatten(service, member.shape, &name, value, member.flattened, pairs);
            }
        }
        (Kind::List(element), Value::Array(values)) => {
            let flat = flat || service.shape(shape).flattened;
            let base = if flat { prefix.to_owned() } else { join(prefix, element.wire_name.unwrap_or("member")) };
            for (n, value) in values.iter().enumerate() {
                flatten(service, element.shape, &format!("{base}.{}", n + 1), value, false, pairs);
            }
        }
        (_, value) => pairs.push((prefix.to_owned(), text(value))),
    }
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

fn rest(service: &Service, operation: &Operation, input: &Value) -> Request<Bytes> {
    let empty = Structure::default();
    let structure = operation.input.and_then(|shape| service.structure(shape)).unwrap_or(&empty);
    let at = |location| bound(structure, input, location);
    let mut uri = path(operation, &at(Location::Uri).map(|(m, v)| (m.wire_name(), text(v))).collect::<Vec<_>>());
    let literal = operation.route.query.iter().map(|(k, v)| v.map_or((*k).to_owned(), |v| format!("{k}={v}")));
    let query: Vec<String> = literal.chain(at(Location::Query).flat_map(|(m, v)| query_parts(m, v))).collect();
    if !query.is_empty() {
        uri = format!("{uri}?{}", query.join("&"));
    }
    let mut builder = request(operation.method, &uri);
    for (member, value) in at(Location::Header) {
        builder = builder.header(member.wire_name(), text(value));
    }
    let body = body(service, structure, input);
    if !body.is_empty() {
        builder = builder.header(header::CONTENT_TYPE, "application/json");
    }
    builder.body(body).expect("labels and query are escaped, and header members are names or numbers")
}

fn bound<'a>(
    structure: &'a Structure,
    input: &'a Value,
    location: Location,
) -> impl Iterator<Item = (&'a Member, &'a Value)> {
    let members = structure.members.iter().filter(move |member| member.location == location);
    members.filter_map(|member| Some((member, input.get(member.name).filter(|v| !v.is_null())?)))
}

fn path(operation: &Operation, labels: &[(&str, String)]) -> String {
    let label = |name: &str| labels.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value.as_str());
    let parts = operation.route.segments.iter().map(|segment| match segment {
        Segment::Literal(text) => (*text).to_owned(),
        Segment::Label(name) => escape(label(name), ""),
        Segment::Greedy(name) => escape(label(name), "/"),
    });
    "/".to_owned() + &parts.collect::<Vec<_>>().join("/")
}

fn query_parts(member: &Member, value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(|value| query_parts(member, value)).collect(),
        value => vec![format!("{}={}", member.wire_name(), escape(&text(value), ""))],
    }
}

/// The payload member alone, or the members without another place under their names on the wire.
fn body(service: &Service, structure: &Structure, input: &Value) -> Bytes {
    if let Some(payload) = structure.payload_member() {
        return match input.get(payload.name) {
            Some(Value::String(base64)) => decode(base64),
            Some(value) => value.to_string().into(),
            None => Bytes::new(),
        };
    }
    let bound: Map<String, Value> =
        bound(structure, input, Location::Body).map(|(m, v)| (m.name.to_owned(), v.clone())).collect();
    let named = members(service, structure, bound, |m| m.name, Member::wire_name);
    if named.is_empty() { Bytes::new() } else { Value::Object(named).to_string().into() }
}

/// A payload that is bytes: base64 in the document, as it is on the wire.
fn decode(text: &str) -> Bytes {
    serde_json::from_value::<tidegate_types::Blob>(text.into()).map_or_else(|_| text.to_owned().into(), |b| b.0.into())
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Percent-encodes all but the unreserved characters of RFC 3986 §2.3 and those in `keep`.
fn escape(text: &str, keep: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b) || keep.as_bytes().contains(&b);
    text.bytes().map(|b| if plain(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
}
