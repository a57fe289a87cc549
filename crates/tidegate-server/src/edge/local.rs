//! Tidegate's own paths, and the ones that tools made for LocalStack look for.

use super::CODE_PATH;
use super::connection::Edge;
use super::reply::{Reply, json, refusal, reply};
use http::{Method, Request};
use hyper::body::Incoming;
use serde_json::{Map, Value, json};

/// The answer to one of Tidegate's own paths, or `None` if the request is for an AWS API.
pub async fn answer(edge: &Edge, request: &Request<Incoming>) -> Option<Reply> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    match request.uri().path() {
        "/_localstack/health" | "/_tidegate/health" => Some(json(200, &health(edge))),
        "/_localstack/init" | "/_localstack/init/ready" => {
            Some(json(200, &json!({ "completed": true, "scripts": [] })))
        }
        "/_localstack/info" => Some(json(200, &info(edge))),
        "/_tidegate/ca.pem" => {
            let kind = ("content-type".to_owned(), "application/x-pem-file".to_owned());
            Some(reply(200, vec![kind], edge.app.authority.pem().to_owned()))
        }
        "/_tidegate/status" => Some(json(200, &edge.app.status())),
        path if path.starts_with(CODE_PATH) => Some(code(edge, request).await),
        _ => None,
    }
}

/// The zip behind an address that `GetFunction` gave.
async fn code(edge: &Edge, request: &Request<Incoming>) -> Reply {
    let address = request.uri().path_and_query().map_or("", |target| target.as_str());
    match edge.app.lambda.code(address).await {
        Some(zip) => reply(200, vec![("content-type".to_owned(), "application/zip".to_owned())], zip),
        None => refusal(403, "This address of a function's code is too old, or not one of ours."),
    }
}

/// The services by name, in the form that `localstack status` and test containers wait for.
fn health(edge: &Edge) -> Value {
    let services: Map<String, Value> =
        edge.app.registry.services().map(|(name, _)| (public_name(name).to_owned(), "running".into())).collect();
    json!({ "services": services, "edition": "tidegate", "version": env!("CARGO_PKG_VERSION") })
}

fn public_name(model: &'static str) -> &'static str {
    if model == "apigatewayv2" { "apigateway" } else { model }
}

fn info(edge: &Edge) -> Value {
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "edition": "tidegate",
        "is_license_activated": true,
        "session_id": &*edge.app.session_id,
        "uptime": edge.app.uptime_s(),
    })
}
