//! For which service and operation is a request meant, and in which protocol does its client speak?
//!
//! Many services share one port here, so the answer follows the strongest hint: `X-Amz-Target`, an RPC v2 path, the
//! query protocol's `Action`, and only then method and path, read as the service in the signature's scope has them.

mod unrouted;

use crate::request::{Request, form_pairs, percent_decode};
use crate::{Call, limits};
use http::HeaderName;
use std::borrow::Cow;
use tidegate_model::{Labels, Location, Operation, Protocol, Service};
pub use unrouted::Unrouted;

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const SMITHY_PROTOCOL: HeaderName = HeaderName::from_static("smithy-protocol");

/// A request that found its operation.
#[derive(Debug, Clone)]
pub struct Routed {
    /// What it calls.
    pub call: Call,
    /// The path's labels, decoded.
    pub labels: Vec<(&'static str, String)>,
}

impl From<Call> for Routed {
    /// A call by a protocol that has no labels.
    fn from(call: Call) -> Routed {
        Routed { call, labels: Vec::new() }
    }
}

/// Finds the operation.
pub fn route(request: &Request) -> Result<Routed, Unrouted> {
    if let Some(target) = request.header(TARGET) {
        return by_target(request, target);
    }
    if let Some(rest) = request.path.strip_prefix("/service/").filter(|_| is_rpc_v2(request)) {
        return by_rpc_path(rest);
    }
    if let Some(found) = by_action(request) {
        return found;
    }
    by_path(request)
}

fn is_rpc_v2(request: &Request) -> bool {
    request.header(SMITHY_PROTOCOL) == Some("rpc-v2-cbor") || request.is_of_type("application/cbor")
}

/// `X-Amz-Target: DynamoDB_20120810.GetItem`.
fn by_target(request: &Request, target: &str) -> Result<Routed, Unrouted> {
    let (prefix, name) = target.rsplit_once('.').unwrap_or((target, ""));
    let asked = if request.is_of_type("application/x-amz-json-1.0") { Protocol::Json10 } else { Protocol::Json11 };
    let scoped = || request.scope.and_then(|s| tidegate_model::services_signed_as(s).into_iter().next());
    let Some(service) = tidegate_model::service_by_rpc_name(prefix) else {
        return Err(Unrouted::operation(scoped(), asked, target));
    };
    let protocol = if service.protocols.iter().any(|p| is_json(*p)) { asked } else { preferred(service) };
    match service.operation(name) {
        Some(operation) => Ok(Routed::from(Call { service, operation, protocol })),
        None => Err(Unrouted::operation(Some(service), protocol, name)),
    }
}

fn is_json(protocol: Protocol) -> bool {
    matches!(protocol, Protocol::Json10 | Protocol::Json11)
}

fn preferred(service: &Service) -> Protocol {
    service.protocols.first().copied().unwrap_or(Protocol::Json11)
}

/// `/service/{name}/operation/{operation}`, what Smithy calls RPC v2.
fn by_rpc_path(rest: &str) -> Result<Routed, Unrouted> {
    let (name, operation) = rest.split_once("/operation/").unwrap_or((rest, ""));
    let name = name.rsplit('.').next().unwrap_or(name);
    let service = tidegate_model::service_by_rpc_name(name);
    match service.and_then(|s| s.operation(operation).map(|o| (s, o))) {
        Some((service, operation)) => Ok(Routed::from(Call { service, operation, protocol: Protocol::Cbor })),
        None => Err(Unrouted::operation(service, Protocol::Cbor, operation)),
    }
}

/// `Action=…&Version=…` in a form or the query string.
fn by_action(request: &Request) -> Option<Result<Routed, Unrouted>> {
    let is_form = request.is_of_type("application/x-www-form-urlencoded");
    let form = if is_form { std::str::from_utf8(request.body).unwrap_or_default() } else { "" };
    // The parameters stand in front with every SDK; a hostile form need not be read to its end for them.
    let pairs = form.split('&').chain(request.query.split('&')).take(limits::FORM_PARAMETERS_MAX);
    let [mut action, mut version] = [None, None];
    for pair in pairs {
        match pair.split_once('=') {
            Some(("Action", value)) => action = action.or(Some(value)),
            Some(("Version", value)) => version = version.or(Some(value)),
            _ => {}
        }
        if action.is_some() && version.is_some() {
            break;
        }
    }
    let (action, version) = (percent_decode(action?), version.map(percent_decode).unwrap_or_default());
    query_service(request, &action, &version).map(|service| with_action(service, &action))
}

/// The signature's service decides; an unsigned request is told by its API version. Services without the query
/// protocol may have query parameters called `Action`, so they do not count.
fn query_service(request: &Request, action: &str, version: &str) -> Option<&'static Service> {
    match request.scope {
        Some(scope) => tidegate_model::services_signed_as(scope).into_iter().find(|s| speaks_query(s)),
        None => tidegate_model::service_by_version(version, action),
    }
}

fn speaks_query(service: &Service) -> bool {
    // SQS took the query protocol before JSON; old clients still speak it.
    service.protocols.contains(&Protocol::Query) || service.name == "sqs"
}

fn with_action(service: &'static Service, action: &str) -> Result<Routed, Unrouted> {
    match service.operation(action) {
        Some(operation) => Ok(Routed::from(Call { service, operation, protocol: Protocol::Query })),
        None => Err(Unrouted::operation(Some(service), Protocol::Query, action)),
    }
}

fn by_path(request: &Request) -> Result<Routed, Unrouted> {
    let candidates = rest_services(request);
    let Some(&first) = candidates.first() else { return Err(Unrouted::service(request)) };
    candidates.iter().find_map(|service| at_path(request, service)).ok_or_else(|| {
        Unrouted::operation(Some(first), preferred(first), &format!("{} {}", request.method, request.path))
    })
}

/// The services that a signed path can belong to, the likeliest first. Unsigned paths are told by their form.
fn rest_services(request: &Request) -> Vec<&'static Service> {
    let is_v2 = request.path.starts_with("/v2/");
    let mut services = match request.scope {
        Some(scope) => tidegate_model::services_signed_as(scope),
        None => unsigned_service(request).and_then(tidegate_model::service).into_iter().collect(),
    };
    services.sort_by_key(|s| (s.name == "apigatewayv2") != is_v2);
    services
}

fn unsigned_service(request: &Request) -> Option<&'static str> {
    let path = request.path;
    let dated = path.as_bytes().get(1..12).is_some_and(is_date_segment);
    let api = ["/restapis", "/apikeys", "/usageplans", "/domainnames", "/account", "/vpclinks"];
    match () {
        () if dated => Some("lambda"),
        () if path.starts_with("/v2/") => Some("apigatewayv2"),
        () if api.iter().any(|p| path == *p || path.starts_with(&format!("{p}/"))) => Some("apigateway"),
        () if virtual_bucket(request.host()).is_some() || request.host().starts_with("s3.") => Some("s3"),
        () => None,
    }
}

/// `2015-03-31/`.
fn is_date_segment(bytes: &[u8]) -> bool {
    let form = |(n, b): (usize, &u8)| match n {
        4 | 7 => *b == b'-',
        10 => *b == b'/',
        _ => b.is_ascii_digit(),
    };
    bytes.iter().enumerate().all(form)
}

/// `bucket` of `bucket.s3.us-east-1.amazonaws.com`, `bucket.s3.localhost` and the like.
fn virtual_bucket(host: &str) -> Option<&str> {
    let at = host.find(".s3.").or_else(|| host.find(".s3-"))?;
    Some(&host[..at]).filter(|bucket| !bucket.is_empty())
}

fn at_path(request: &Request, service: &'static Service) -> Option<Routed> {
    let protocol = preferred(service);
    if !matches!(protocol, Protocol::RestJson | Protocol::RestXml) {
        return None;
    }
    let bucket = virtual_bucket(request.host()).filter(|_| service.name == "s3");
    let path = bucket.map_or(Cow::Borrowed(request.path), |b| format!("/{b}{}", request.path).into());
    let found = service.operations_at(request.method.as_str(), &path);
    let (operation, labels) = most_fitting(request, service, found)?;
    let labels = labels.into_iter().map(|(name, text)| (name, percent_decode(text).into_owned())).collect();
    Some(Routed { call: Call { service, operation, protocol }, labels })
}

/// Of the operations whose path fits: the most literal path, then the one whose query literals and required query and
/// header members are all there and most of them (S3 tells `UploadPart` from `PutObject` by nothing else).
fn most_fitting<'p>(
    request: &Request,
    service: &'static Service,
    found: Vec<(&'static Operation, Labels<'p>)>,
) -> Option<(&'static Operation, Labels<'p>)> {
    let fitting: Vec<_> = found.into_iter().filter(|(o, _)| o.route.match_query(request.query)).collect();
    if fitting.len() < 2 {
        return fitting.into_iter().next();
    }
    let query = form_pairs(request.query);
    let rank = |operation: &Operation| {
        let (have, lack) = required_bindings(request, service, operation, &query);
        let route = &operation.route;
        (route.literals(), route.segments.len(), lack == 0, route.query.len(), have, !operation.deprecated)
    };
    // The first of equals wins, which is the first by name: the order is the same each time.
    fitting.into_iter().rev().max_by_key(|(operation, _)| rank(operation))
}

fn required_bindings(
    request: &Request,
    service: &Service,
    operation: &Operation,
    query: &[(Cow<str>, Cow<str>)],
) -> (usize, usize) {
    let members = operation.input.and_then(|id| service.structure(id)).map_or(&[][..], |s| &s.members);
    let bound = members.iter().filter(|m| m.required).filter_map(|m| match m.location {
        Location::Query => Some(query.iter().any(|(key, _)| key == m.wire_name())),
        Location::Header => Some(request.headers.contains_key(m.wire_name())),
        _ => None,
    });
    bound.fold((0, 0), |(have, lack), there| if there { (have + 1, lack) } else { (have, lack + 1) })
}
