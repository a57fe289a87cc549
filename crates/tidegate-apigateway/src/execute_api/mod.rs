//! The data plane: one request for an API's `execute-api` host, from its arrival to its answer.

mod access_log;
mod answer;
mod authorizer;
mod compiled;
mod cors;
mod event_v1;
mod event_v2;
mod exchange;
mod failure;
mod invoke;
mod json;
mod mapping;
mod percent;
mod request;
mod router;
mod throttle;

pub use answer::read_answers;
pub use compiled::{ApiSummary, CompiledApi, Index};
pub use request::{Authentication, GatewayRequest, GatewayResponse};
pub use router::Router;

use crate::ApiGateway;
use crate::limits::PAYLOAD_BYTES_MAX;
use access_log::{Entry, IntegrationTrail, Trail};
use bytes::Bytes;
use compiled::{Authorization, CompiledIntegration, CompiledRoute, CompiledStage};
use cors::CompiledCors;
use exchange::{Arrival, Caller, Exchange};
use failure::Failure;
use http::{HeaderName, HeaderValue, Method, header};
use invoke::{Call, CallError, Refused, refusal};
use std::sync::Arc;
use tidegate_core::ports::{InvokeError, InvokeResponse};
use tidegate_core::{Check, Context, Principal};

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
        let api = self.0.index.find(&request.api_id).filter(|api| !api.disabled);
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
            None => self.integrate(&exchange, route, trail).await,
        }
    }

    /// Who calls, or why the request ends here.
    async fn authorize(&self, x: &Exchange<'_>, rest: &str, trail: &mut Trail) -> Result<Caller, Failure> {
        match &x.route.authorization {
            Authorization::None => Ok(Caller::Anyone),
            Authorization::Closed => Err(Failure::Forbidden),
            Authorization::Iam => match &x.request.authentication {
                Authentication::Verified(principal) => self.authorize_principal(x, rest, principal),
                Authentication::Unsigned | Authentication::Failed => Err(Failure::Forbidden),
            },
            Authorization::Function(authorizer) => {
                authorizer.authorize(&self.0.ports, x, &x.route_arn(rest), trail).await
            }
        }
    }

    /// Asks IAM for `execute-api:Invoke`. HTTP APIs have no resource policy, so callers of other accounts stay out.
    fn authorize_principal(&self, x: &Exchange<'_>, rest: &str, principal: &Arc<Principal>) -> Result<Caller, Failure> {
        let cx = Context {
            principal: principal.clone(),
            request_id: x.arrival.request_id.as_str().into(),
            source_ip: x.request.source_ip,
            user_agent: x.user_agent().into(),
            secure: true,
            ..x.api.service.clone()
        };
        let allowed = principal.account == x.api.account
            && cx.authorize(&Check::new("execute-api:Invoke", x.route_arn(rest))).is_ok();
        if allowed { Ok(Caller::Iam(principal.clone())) } else { Err(Failure::Forbidden) }
    }

    /// Calls the function and reads its answer.
    async fn integrate(
        &self,
        x: &Exchange<'_>,
        route: &CompiledRoute,
        trail: &mut Trail,
    ) -> Result<GatewayResponse, Failure> {
        let found = route.integration.as_ref().and_then(|i| Some((i, i.function_arn.as_deref()?)));
        let Some((integration, function_arn)) = found else {
            trail.integration_error = Some("The route has no integration that can be called");
            return Err(Failure::Internal);
        };
        let event = event(x, integration);
        let call = Call {
            function_arn,
            credentials_arn: integration.credentials_arn.as_deref(),
            source_arn: x.source_arn(),
            timeout: integration.timeout,
            trace: &x.arrival.trace,
        };
        let clock = &self.0.environment.clock;
        let begun_ms = clock.now_ms();
        let done = call.run(&self.0.ports, x.api, &x.caller, event).await;
        let mut facts = IntegrationTrail { latency_ms: clock.now_ms().saturating_sub(begun_ms), ..Default::default() };
        let answer = match &done {
            Ok(done) => read(done, integration.format_2, &mut facts, trail),
            Err(error) => Err(refused(error, &mut facts, trail)),
        };
        trail.integration = Some(facts);
        answer.map(|mut answer| {
            if let Some(rules) = integration.response_rules.get(&answer.status) {
                mapping::response(x, rules, &mut answer);
            }
            answer
        })
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

/// The event for the integration's function, with what its mappings make of the request.
fn event(x: &Exchange<'_>, integration: &CompiledIntegration) -> Vec<u8> {
    let write = if integration.format_2 { event_v2::write } else { event_v1::write };
    if integration.request_rules.is_empty() {
        return write(x);
    }
    let mapped = mapping::request(x, &integration.request_rules);
    write(&x.mapped(&mapped))
}

/// What a function's answer means; a failed function is a 500.
fn read(
    done: &InvokeResponse,
    format_2: bool,
    facts: &mut IntegrationTrail,
    trail: &mut Trail,
) -> Result<GatewayResponse, Failure> {
    facts.service_status = Some(done.status);
    facts.request_id = Some(done.request_id.clone()).filter(|id| !id.is_empty());
    if done.function_error.is_some() {
        trail.integration_error = Some("The Lambda function returned an error");
        return Err(Failure::Internal);
    }
    let answer = if format_2 { answer::read_v2(&done.payload) } else { answer::read_v1(&done.payload) };
    let answer = answer.map_err(|_| {
        trail.integration_error =
            Some("The response from the Lambda function doesn't match the format that API Gateway expects");
        Failure::Internal
    })?;
    facts.function_status = Some(answer.status);
    Ok(answer)
}

/// What a call without an answer means.
fn refused(error: &CallError, facts: &mut IntegrationTrail, trail: &mut Trail) -> Failure {
    let (status, message, failure) = match error {
        CallError::Role => (None, refusal(Refused::Integration), Failure::Internal),
        CallError::TimedOut => {
            (None, "Network error communicating with endpoint: the integration timed out", Failure::Unavailable)
        }
        CallError::Lambda(InvokeError::Throttled(e)) => {
            (Some(e.status), "Lambda throttled the request", Failure::Unavailable)
        }
        CallError::Lambda(InvokeError::Refused(e)) if e.status == 413 => {
            (Some(413), "The request is larger than Lambda takes", Failure::TooLarge)
        }
        CallError::Lambda(InvokeError::Refused(e)) => {
            (Some(e.status), refusal(Refused::Integration), Failure::Internal)
        }
        CallError::Lambda(InvokeError::Failed(e)) => (Some(e.status), "Lambda failed", Failure::Internal),
    };
    facts.service_status = status;
    trail.integration_error = Some(message);
    failure
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
