//! Method, target, scope, path and query, one per line, then the body.
#![no_main]

use http::{HeaderMap, HeaderValue, Method};
use libfuzzer_sys::fuzz_target;
use tidegate_wire::{Request, parse, route};

fuzz_target!(|text: &str| {
    let mut lines = text.splitn(6, '\n');
    let mut next = || lines.next().unwrap_or_default();
    let (method, target, scope, path, query, body) = (next(), next(), next(), next(), next(), next());
    let Ok(method) = method.parse::<Method>() else { return };
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(target) {
        headers.insert(if target.contains('.') { "x-amz-target" } else { "content-type" }, value);
    }
    let scope = Some(scope).filter(|s| !s.is_empty());
    let request = Request { method: &method, path, query, headers: &headers, body: body.as_bytes(), scope };
    match route(&request) {
        Ok(routed) => drop(parse(&routed, &request)),
        Err(unrouted) => assert!(unrouted.response("r").status().as_u16() >= 400),
    }
});
