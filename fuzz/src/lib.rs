//! What the targets share.

use http::{HeaderMap, Method};
use tidegate_model::Protocol;
use tidegate_wire::{Call, Request, Routed, parse, render_error, validate};

/// Takes a body through parser, check and, if it fails, the error's rendering.
pub fn handle(service: &str, operation: &str, protocol: Protocol, body: &[u8]) {
    let call = Call::named(service, operation, protocol).expect("targets name operations that the model has");
    let headers = HeaderMap::new();
    let request = Request { method: &Method::POST, path: "/", query: "", headers: &headers, body, scope: None };
    let routed = Routed::from(call);
    if let Err(error) = parse(&routed, &request).and_then(|document| validate(&call, &document)) {
        let response = render_error(&error, protocol, Some(call.service), "r");
        assert!(response.status().is_client_error(), "{error}");
    }
}
