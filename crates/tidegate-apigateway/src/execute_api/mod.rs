//! The data plane: one request for an API's `execute-api` host, from its arrival to its answer.
//!
//! What a file knows of the others goes one way, as requests do: `request`, `arrival` and `caller` are the request itself;
//! `compiled` is the API that it is matched against, with its `router`, `throttle`, `cors`, `authorizer` and `access_log`;
//! `exchange` is the request on the route that was found, which `authorize` lets through and `integrate` turns into an
//! event (`mapping`, `event_v1`, `event_v2`), a call (`invoke`) and an `answer`.

mod access_log;
mod answer;
mod arrival;
mod authorize;
mod authorizer;
mod caller;
mod compiled;
mod cors;
mod event_v1;
mod event_v2;
mod exchange;
mod failure;
mod integrate;
mod invoke;
mod json;
mod mapping;
mod percent;
mod request;
mod router;
mod throttle;
mod wrong_field;

pub use answer::read_answers;
pub use compiled::{ApiSummary, CompiledApi, Index};
pub use request::{Authentication, GatewayRequest, GatewayResponse};
pub use router::Router;

use crate::ApiGateway;
use crate::limits::PAYLOAD_BYTES_MAX;
use access_log::{Entry, Trail};
use arrival::Arrival;
use bytes::Bytes;
use caller::Caller;
use compiled::{Authorization, CompiledStage};
use cors::CompiledCors;
use exchange::Exchange;
use failure::Failure;
use http::{HeaderName, HeaderValue, Method, header};

const REQUEST_ID: HeaderName = HeaderName::from_static("apigw-requestid");

/// A request whose stage is known.
struct Staged<'a> {
    request: &'a GatewayRequest,
    arrival: &'a Arrival,
    api: &'a CompiledApi,
    stage: &'a CompiledStage,
    /// The whole path, decoded.
    path: &'a str,
    /// The path behind the stage, as sent.
    rest: &'a str,
}

impl ApiGateway {
    /// Answers one request. Never fails: what goes wrong becomes the answer that AWS gives for it.
    pub async fn execute(&self, request: GatewayRequest) -> GatewayResponse {
        let environment = &self.0.environment;
        let arrival = Arrival::new(&request, &*environment.ids, environment.clock.now_ms());
        let api = self.0.index.find(&request.api_id).filter(|api| !api.disabled && request.is_for(&api.region));
        let path = percent::decode(if request.path.is_empty() { "/" } else { &request.path });
        let mut response = match (&api, &path) {
            (None, _) => Failure::NotFound.response(),
            (_, None) => Failure::BadRequest.response(),
            (Some(api), Some(path)) => match find_stage(api, &request.path) {
                None => Failure::NotFound.response(),
                Some((stage, rest)) => {
                    self.staged(Staged { request: &request, arrival: &arrival, api, stage, path, rest }).await
                }
            },
        };
        stamp(&request, &arrival, &mut response);
        response
    }

    /// Answers a request on a stage, with its CORS headers and its line in the log.
    async fn staged(&self, staged: Staged<'_>) -> GatewayResponse {
        let mut trail = Trail::default();
        let preflight = staged.stage.cors.is_some() && CompiledCors::is_preflight(staged.request);
        let answered = self.route(&staged, preflight, &mut trail).await;
        let mut response = answered.unwrap_or_else(|failure| {
            trail.failure = Some(failure);
            failure.response()
        });
        if let Some(cors) = &staged.stage.cors {
            cors.decorate(staged.request, preflight, &mut response);
        }
        if let Some(log) = &staged.stage.log {
            let entry = Entry {
                request: staged.request,
                arrival: staged.arrival,
                account: &staged.api.account,
                api_id: &staged.api.api_id,
                stage: &staged.stage.name,
                path: staged.path,
                trail: &trail,
                response_bytes: response.body.len(),
                response: &response,
                answered_ms: self.0.environment.clock.now_ms(),
            };
            log.write(&*self.0.ports.logs, &entry);
        }
        response
    }

    /// Finds the route, asks whether the caller may, and calls what stands behind it.
    async fn route(&self, staged: &Staged<'_>, preflight: bool, trail: &mut Trail) -> Result<GatewayResponse, Failure> {
        let (request, stage) = (staged.request, staged.stage);
        if request.body.len() > PAYLOAD_BYTES_MAX {
            return Err(Failure::TooLarge);
        }
        let found = stage.router.find(request.method.as_str(), staged.rest);
        let Some(found) = found else {
            // A preflight needs no route of its own.
            let cors = stage.cors.as_ref().filter(|_| preflight);
            return cors.map(|cors| cors.preflight(request)).ok_or(Failure::NotFound);
        };
        let route = &stage.routes[found.route];
        trail.route_key = Some(route.key.clone());
        if route.throttle.as_ref().is_some_and(|throttle| !throttle.admits(staged.arrival.time_ms)) {
            return Err(Failure::TooManyRequests);
        }
        let mut exchange = Exchange {
            request,
            arrival: staged.arrival,
            api: staged.api,
            stage,
            route,
            parameters: found.parameters,
            path: staged.path,
            caller: Caller::Anyone,
        };
        exchange.caller = self.authorize(&exchange, staged.rest, trail).await?;
        trail.caller = exchange.caller.clone();
        match stage.cors.as_ref().filter(|_| preflight) {
            Some(cors) => Ok(cors.preflight(request)),
            None => self.integrate(&exchange, trail).await,
        }
    }

    /// Forgets what the authorizers of a stage have answered.
    pub(crate) fn forget_authorizers(&self, api_id: &str, stage: &str) {
        let api = self.0.index.find(api_id);
        let routes = api.as_ref().and_then(|api| api.stages.get(stage)).map(|stage| &stage.routes[..]);
        for route in routes.unwrap_or_default() {
            if let Authorization::Function(authorizer) = &route.authorization {
                authorizer.forget();
            }
        }
    }
}

/// The stage that the path's first part names, or `$default`, and the path behind it.
fn find_stage<'a>(api: &'a CompiledApi, path: &'a str) -> Option<(&'a CompiledStage, &'a str)> {
    let path = if path.is_empty() { "/" } else { path };
    let tail = path.strip_prefix('/').unwrap_or(path);
    let first = tail.split('/').next().unwrap_or_default();
    let named = percent::decode(first).filter(|name| name != "$default").and_then(|name| api.stages.get(&*name));
    match named {
        Some(stage) => Some((stage, Some(&tail[first.len()..]).filter(|rest| !rest.is_empty()).unwrap_or("/"))),
        None => api.stages.get("$default").map(|stage| (stage, path)),
    }
}

/// What every answer has: the request's id, and no body for `HEAD`.
fn stamp(request: &GatewayRequest, arrival: &Arrival, response: &mut GatewayResponse) {
    if let Ok(id) = HeaderValue::from_str(&arrival.request_id) {
        response.headers.push((REQUEST_ID, id));
    }
    if request.method == Method::HEAD {
        response.headers.push((header::CONTENT_LENGTH, HeaderValue::from(response.body.len())));
        response.body = Bytes::new();
    }
}
