//! Bodies, forms and targets of every protocol.

use crate::lines;
use http::{HeaderMap, HeaderValue, Method};
use tidegate_core::Token;
use tidegate_model::Protocol;
use tidegate_wire::{Call, Request, Routed, parse, render_error, validate};

/// Takes a body through parser, check and, if it fails, the error's rendering.
fn handle(service: &str, operation: &str, protocol: Protocol, body: &[u8]) {
    let call = Call::named(service, operation, protocol).expect("targets name operations that the model has");
    let headers = HeaderMap::new();
    let request = Request { method: &Method::POST, path: "/", query: "", headers: &headers, body, scope: None };
    let routed = Routed::from(call);
    if let Err(error) = parse(&routed, &request).and_then(|document| validate(&call, &document)) {
        let response = render_error(&error, protocol, Some(call.service), "r");
        assert!(response.status().is_client_error(), "{error}");
    }
}

/// Bodies of the json protocols.
pub fn json(body: &[u8]) {
    handle("dynamodb", "TransactWriteItems", Protocol::Json10, body);
    handle("logs", "PutLogEvents", Protocol::Json11, body);
}

/// Forms of the query protocol.
pub fn query(body: &[u8]) {
    handle("iam", "CreateRole", Protocol::Query, body);
    handle("cloudwatch", "PutMetricData", Protocol::Query, body);
}

/// Bodies of rest-json.
pub fn rest_json(body: &[u8]) {
    handle("lambda", "CreateFunction", Protocol::RestJson, body);
    handle("apigatewayv2", "CreateIntegration", Protocol::RestJson, body);
}

/// Bodies of rest-xml.
pub fn rest_xml(body: &[u8]) {
    handle("s3", "PutBucketLifecycleConfiguration", Protocol::RestXml, body);
    handle("s3", "DeleteObjects", Protocol::RestXml, body);
}

/// Bodies of Smithy's RPC v2.
pub fn cbor(body: &[u8]) {
    handle("cloudwatch", "PutMetricData", Protocol::Cbor, body);
}

/// Method, target, scope, path and query, one per line, then the body.
pub fn route(text: &str) {
    let [method, target, scope, path, query, body] = lines(text);
    let Ok(method) = method.parse::<Method>() else { return };
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(target) {
        headers.insert(if target.contains('.') { "x-amz-target" } else { "content-type" }, value);
    }
    let scope = Some(scope).filter(|s| !s.is_empty());
    let request = Request { method: &method, path, query, headers: &headers, body: body.as_bytes(), scope };
    match tidegate_wire::route(&request) {
        Ok(routed) => drop(parse(&routed, &request)),
        Err(unrouted) => assert!(unrouted.response("r").status().as_u16() >= 400),
    }
}

/// Pagination tokens: what decodes comes back after encoding; and any JSON text can be packed.
pub fn token(text: &str) {
    let decode = |token: &str| Token::decode::<serde_json::Value>("scope", token);
    let packed = serde_json::from_str(text).map(|value: serde_json::Value| Token::encode("scope", &value)).ok();
    for token in [Some(text), packed.as_deref()].into_iter().flatten() {
        let Ok(value) = decode(token) else { continue };
        // Some fractions are read a little off what was written; tokens hold none.
        if serde_json::from_str(&value.to_string()).is_ok_and(|read: serde_json::Value| read == value) {
            assert_eq!(decode(&Token::encode("scope", &value)), Ok(value));
        }
    }
    assert!(packed.is_none_or(|token| token.len() > 16 << 10 || decode(&token).is_ok()), "a token that nothing takes");
}
