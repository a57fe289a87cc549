//! Against botocore: what it sends is routed to its operation and read as the document that it was made of; what we
//! answer is what it could read when the vectors were made (see `vectors/generate.py`).

#[path = "vectors/sample.rs"]
mod sample;

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value;
use tidegate_model::Protocol;
use tidegate_wire::{Call, Request, parse, render, route};

fn vectors(text: &str) -> Vec<Value> {
    serde_json::from_str(text).expect("the vectors are JSON")
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn headers(vector: &Value) -> HeaderMap {
    let entries = vector["headers"].as_object().expect("an object").iter();
    let header = |(name, value): (&String, &Value)| {
        let value = HeaderValue::from_str(value.as_str().expect("text")).expect("a header's value");
        (HeaderName::try_from(name).expect("a header's name"), value)
    };
    entries.map(header).collect()
}

fn protocol(name: &str, service: &tidegate_model::Service) -> Protocol {
    match name {
        "query" => Protocol::Query,
        "rest-json" => Protocol::RestJson,
        "rest-xml" => Protocol::RestXml,
        "smithy-rpc-v2-cbor" => Protocol::Cbor,
        _ if service.protocols.contains(&Protocol::Json10) => Protocol::Json10,
        _ => Protocol::Json11,
    }
}

/// Sends one of botocore's requests; the reason why it is not understood, if it is not.
fn misread(vector: &Value) -> Option<String> {
    let [service, operation, name] = [0, 1, 2].map(|n| vector["for"][n].as_str().expect("text"));
    let body = match vector.get("base64").and_then(Value::as_str) {
        Some(bytes) => STANDARD.decode(bytes).expect("base64"),
        None => text(vector, "text").as_bytes().to_vec(),
    };
    let (headers, method) = (headers(vector), text(vector, "method").parse::<Method>().expect("a method"));
    let request = Request {
        method: &method,
        path: text(vector, "path"),
        query: text(vector, "query"),
        headers: &headers,
        body: &body,
        scope: vector["signed"].as_str(),
    };
    let routed = match route(&request) {
        Ok(routed) => routed,
        Err(unrouted) => return Some(format!("{unrouted:?}")),
    };
    let found = (routed.call.service.name, routed.call.operation.name);
    if found != (service, operation) || routed.call.protocol != protocol(name, routed.call.service) {
        return Some(format!("routed to {found:?} in {:?}", routed.call.protocol));
    }
    let expected = sample::document(routed.call.service, routed.call.operation.input, routed.call.protocol);
    match parse(&routed, &request) {
        Ok(document) if Some(&document) == expected.as_ref() => None,
        other => Some(format!("{other:?}\n  instead of {expected:?}")),
    }
}

#[test]
fn botocores_requests_are_understood() {
    let vectors = vectors(include_str!("vectors/requests.json"));
    let wrong: Vec<_> = vectors.iter().filter_map(|v| Some(format!("{} {}", v["for"], misread(v)?))).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vectors.len(), wrong[..wrong.len().min(20)].join("\n"));
}

#[test]
fn answers_are_those_that_botocore_read() {
    for vector in vectors(include_str!("vectors/responses.json")) {
        let [service, operation, name] = [0, 1, 2].map(|n| vector[n].as_str().expect("text"));
        let protocol = protocol(name, tidegate_model::service(service).expect("known"));
        let call = Call::named(service, operation, protocol).expect("known");
        let output = sample::document(call.service, call.operation.output, protocol).expect("it was sampled once");
        let response = render(&call, &output, "request-1");
        let found = (response.status().as_u16(), response.body().len(), crc32fast::hash(response.body()));
        let expected = [3, 4, 5].map(|n| vector[n].as_u64().expect("a number"));
        let found = [found.0.into(), found.1 as u64, found.2.into()];
        assert_eq!(found, expected, "{vector}: {}", String::from_utf8_lossy(response.body()));
    }
}
