//! No bytes from outside make any parser panic, and every refusal can be rendered.

use http::{HeaderMap, HeaderValue, Method};
use proptest::prelude::*;
use tidegate_model::Protocol;
use tidegate_wire::{Call, Request, Routed, parse, percent_decode, render_error, route, validate};

const CALLS: &[(&str, &str, Protocol)] = &[
    ("dynamodb", "PutItem", Protocol::Json10),
    ("iam", "CreateRole", Protocol::Query),
    ("cloudwatch", "PutMetricData", Protocol::Query),
    ("cloudwatch", "PutMetricData", Protocol::Cbor),
    ("lambda", "CreateFunction", Protocol::RestJson),
    ("s3", "PutBucketLifecycleConfiguration", Protocol::RestXml),
    ("s3", "PutObject", Protocol::RestXml),
];

fn handle(call: Call, query: &str, body: &[u8]) {
    let headers = HeaderMap::new();
    let request = Request { method: &Method::POST, path: "/", query, headers: &headers, body, scope: None };
    let routed = Routed::from(call);
    let outcome = parse(&routed, &request).and_then(|document| validate(&call, &document));
    if let Err(error) = outcome {
        let response = render_error(&error, call.protocol, Some(call.service), "r");
        assert!(response.status().is_client_error(), "{error}");
    }
}

fn all_calls(query: &str, body: &[u8]) {
    for (service, operation, protocol) in CALLS {
        handle(Call::named(service, operation, *protocol).expect("known"), query, body);
    }
}

proptest! {
    #[test]
    fn any_bytes(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        all_calls("", &body);
    }

    #[test]
    fn json_like(body in "[\\[\\]{}\",:0-9a-zA-Z.\\\\-]{0,80}") {
        all_calls("", body.as_bytes());
    }

    #[test]
    fn form_like(
        keys in proptest::collection::vec("(MetricData|Tags|RoleName|member|entry|[0-9]{1,12}|Key|\\.){1,6}", 0..8),
        value in "[ -~]{0,12}",
    ) {
        let form: Vec<_> = keys.iter().map(|key| format!("{key}={value}")).collect();
        all_calls(&form.join("&"), form.join("&").as_bytes());
    }

    #[test]
    fn xml_like(body in "(<[a-zA-Z!?/]{0,8}( [a-z]{1,3}='[a-z]?')?/?>|&[a-z#0-9x]{0,6};|[ -~]){0,20}") {
        all_calls("", body.as_bytes());
    }

    #[test]
    fn any_target(path in "/[ -~]{0,40}", query in "[ -~]{0,40}", target in "[!-~]{0,40}", scope in "[a-z0-9]{0,12}") {
        let mut headers = HeaderMap::new();
        if !target.is_empty() {
            headers.insert("x-amz-target", HeaderValue::from_str(&target).expect("visible ASCII"));
        }
        let scope = Some(scope.as_str()).filter(|s| !s.is_empty());
        let request = Request { method: &Method::GET, path: &path, query: &query, headers: &headers, body: b"", scope };
        match route(&request) {
            Ok(routed) => drop(parse(&routed, &request)),
            Err(unrouted) => prop_assert!(unrouted.response("r").status().as_u16() >= 400),
        }
    }

    #[test]
    fn any_text(text in ".{0,60}") {
        let _ = percent_decode(&text);
    }
}

#[test]
fn depth_is_refused_quickly() {
    let deep = 10_000;
    let bodies = [
        "[".repeat(deep),
        "{\"Item\":{\"a\":".to_owned() + &"{\"L\":[".repeat(deep),
        "<a>".repeat(deep),
        format!("Tags{}=x", ".member.1".repeat(deep)),
    ];
    for body in bodies {
        all_calls("", body.as_bytes());
    }
    all_calls("", &vec![0x81; deep]);
}
