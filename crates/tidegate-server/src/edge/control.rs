//! The control plane's door: find the operation, verify the signature, read and check the input, let the service do it,
//! and write the answer in the protocol that the client spoke.

use super::body::{self, BodyError};
use super::connection::{Edge, Peer};
use super::limits::{BODY_MARGIN, CONTROL_BODY_MAX, SERVICE_BODY_MAX};
use super::reply::{Reply, and_close, refusal_and_close};
use crate::App;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header, request::Parts};
use http_body_util::Full;
use hyper::body::Incoming;
use std::sync::Arc;
use tidegate_core::ports::CredentialError;
use tidegate_core::{AwsError, Bound, Context, Principal};
use tidegate_model::Protocol;
use tidegate_types::{AccountId, Region};
use tidegate_wire::sigv4::{self, Chunks, Claim, Dialect, Rules};
use tidegate_wire::{self as wire, AwsErrorParts, Call, Routed};

/// A request whose body is read: everything that is needed to judge and answer it.
struct Asked<'a> {
    method: &'a Method,
    path: &'a str,
    query: &'a str,
    headers: &'a HeaderMap,
    body: Bytes,
    claim: Result<Claim<'a>, sigv4::Error>,
}

impl<'a> Asked<'a> {
    fn new(parts: &'a Parts, body: Bytes) -> Asked<'a> {
        let (method, path, query) = (&parts.method, parts.uri.path(), parts.uri.query().unwrap_or_default());
        let headers = &parts.headers;
        let claim = Claim::read(&sigv4::Request { method: method.as_str(), path, query, headers, body: None });
        Asked { method, path, query, headers, body, claim }
    }

    fn wire(&'a self) -> wire::Request<'a> {
        let scope = self.claim.as_ref().ok().map(|claim| &*claim.scope.service);
        wire::Request {
            method: self.method,
            path: self.path,
            query: self.query,
            headers: self.headers,
            body: &self.body,
            scope,
        }
    }

    fn signed(&'a self) -> sigv4::Request<'a> {
        let (method, body) = (self.method.as_str(), Some(&self.body[..]));
        sigv4::Request { method, path: self.path, query: self.query, headers: self.headers, body }
    }
}

/// Answers an AWS API request.
pub async fn answer(edge: &Edge, peer: &Peer, request: http::Request<Incoming>, host: String) -> Reply {
    let (mut parts, body) = request.into_parts();
    if !parts.headers.contains_key(header::HOST) {
        // HTTP/2 has `:authority` in its place, and that is what was signed.
        parts.headers.extend(HeaderValue::from_str(&host).ok().map(|host| (header::HOST, host)));
    }
    let request_id = edge.app.environment.ids.uuid();
    let body = match body::read(body, body_limit(&parts) + BODY_MARGIN).await {
        Ok(body) => body,
        Err(BodyError::TooLarge) => return too_large(&parts, &request_id),
        Err(BodyError::TooSlow) => return refusal_and_close(408, "The request's body came too slowly."),
        Err(BodyError::Broken) => return refusal_and_close(400, "The request's body ended early."),
    };
    perform(&edge.app, peer, &parts, body, request_id).await.map(Full::new)
}

/// Lambda takes its zips inline; every other service's requests are smaller.
fn body_limit(parts: &Parts) -> usize {
    if parts.uri.path().starts_with("/20") { CONTROL_BODY_MAX } else { SERVICE_BODY_MAX }
}

/// Refuses a body that is larger than any operation's, as Lambda does
/// (<https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html>). What of the request is not in its body tells
/// whose operation it is, but for the query protocol.
fn too_large(parts: &Parts, request_id: &str) -> Reply {
    let asked = Asked::new(parts, Bytes::new());
    let Ok(Routed { call, .. }) = wire::route(&asked.wire()) else {
        return refusal_and_close(413, "The request's body is too large.");
    };
    let (max, operation) = (body_limit(parts), call.operation.name);
    let message = format!("Request must be smaller than {max} bytes for the {operation} operation");
    let error = AwsErrorParts::new("RequestEntityTooLargeException", 413, message);
    and_close(wire::render_error(&error, call.protocol, Some(call.service), request_id).map(Full::new))
}

async fn perform(app: &App, peer: &Peer, parts: &Parts, body: Bytes, request_id: String) -> http::Response<Bytes> {
    let mut asked = Asked::new(parts, body);
    let routed = match wire::route(&asked.wire()) {
        Ok(routed) => routed,
        Err(unrouted) => return unrouted.response(&request_id),
    };
    let call = routed.call;
    let result = run(app, peer, &mut asked, &routed, &request_id).await;
    let response =
        result.unwrap_or_else(|error| wire::render_error(&error, call.protocol, Some(call.service), &request_id));
    tracing::debug!(
        service = call.service.name,
        operation = call.operation.name,
        status = response.status().as_u16(),
        "answered"
    );
    response
}

async fn run(
    app: &App,
    peer: &Peer,
    asked: &mut Asked<'_>,
    routed: &Routed,
    request_id: &str,
) -> Result<http::Response<Bytes>, AwsErrorParts> {
    let call = routed.call;
    let bound = app.registry.find(call.service.name, call.operation.name);
    let unsigned = bound.is_some_and(|b| b.unsigned) && asked.claim == Err(sigv4::Error::MissingAuthenticationToken);
    let (principal, region) = if unsigned {
        (Arc::new(Principal::anonymous(AccountId::local())), Region::us_east_1())
    } else {
        authenticate(app, asked, &call)?
    };
    let bound = bound.ok_or_else(|| call.not_implemented())?;
    let cx = context(app, peer, asked.headers, principal, region, request_id);
    dispatch(bound, cx, asked, routed, request_id).await
}

async fn dispatch(
    bound: &Bound,
    cx: Context,
    asked: &Asked<'_>,
    routed: &Routed,
    request_id: &str,
) -> Result<http::Response<Bytes>, AwsErrorParts> {
    let call = &routed.call;
    if matches!(call.protocol, Protocol::Json10 | Protocol::Json11)
        && let Some(direct) = bound.direct()
    {
        let body = direct(cx, asked.body.clone()).await.map_err(parts_of)?;
        return Ok(wire::render_json_body(call, body, request_id));
    }
    if let Some(perform) = bound.with_payload() {
        let input = wire::parse_head(routed, &asked.wire())?;
        wire::validate(call, &input)?;
        let (output, payload) = perform(cx, input, asked.body.clone()).await.map_err(parts_of)?;
        return Ok(wire::render_payload(call, &output, payload, request_id));
    }
    let input = wire::parse(routed, &asked.wire())?;
    wire::validate(call, &input)?;
    let output = bound.call(cx, input).await.map_err(parts_of)?;
    Ok(wire::render(call, &output, request_id))
}

fn parts_of(error: AwsError) -> AwsErrorParts {
    AwsErrorParts { code: error.code, status: error.status, message: error.message, fields: error.fields }
}

/// Verifies the signature, and takes a chunked body out of its signed chunks.
fn authenticate(app: &App, asked: &mut Asked<'_>, call: &Call) -> Result<(Arc<Principal>, Region), AwsErrorParts> {
    let dialect = Dialect::of(call.service, call.protocol);
    let refused = |error: sigv4::Error| {
        let answer = error.answer(dialect);
        AwsErrorParts::new(answer.code, answer.status, answer.message)
    };
    let claim = asked.claim.as_ref().map_err(|error| refused(error.clone()))?;
    let service = call.service.signing_name;
    let region: Option<Region> = claim.scope.region.parse().ok();
    let rules = Rules::of(service, dialect);
    let authentic = app
        .verifier
        .authenticate_claim(claim, &asked.signed(), &rules, app.environment.clock.now(), |claim| identity(app, claim))
        .map_err(refused)?;
    if let Some(chunks) = Chunks::new(&authentic, decoded_length(asked.headers)) {
        asked.body = unchunk(chunks, &asked.body).map_err(refused)?;
    }
    let region = region
        .ok_or_else(|| refused(sigv4::Error::WrongScope("Credential should be scoped to a valid region. ".into())))?;
    Ok((authentic.identity, region))
}

/// Looks the claim's key up.
pub(super) fn identity(app: &App, claim: &Claim<'_>) -> Result<(Arc<str>, Arc<Principal>), sigv4::Error> {
    match app.credentials.identity(&claim.access_key_id, claim.session_token.as_deref()) {
        Ok(identity) => Ok((identity.secret, identity.principal)),
        Err(CredentialError::UnknownKey) => Err(sigv4::Error::InvalidClientToken),
        Err(CredentialError::InvalidToken) => Err(sigv4::Error::InvalidToken),
        Err(CredentialError::ExpiredToken) => Err(sigv4::Error::ExpiredToken),
    }
}

const DECODED_LENGTH: HeaderName = HeaderName::from_static("x-amz-decoded-content-length");

fn decoded_length(headers: &HeaderMap) -> u64 {
    let text = headers.get(DECODED_LENGTH).and_then(|v| v.to_str().ok());
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn unchunk(mut chunks: Chunks, body: &[u8]) -> Result<Bytes, sigv4::Error> {
    let mut whole = Vec::with_capacity(body.len());
    chunks.push(body, &mut whole)?;
    chunks.finish()?;
    Ok(whole.into())
}

fn context(
    app: &App,
    peer: &Peer,
    headers: &HeaderMap,
    principal: Arc<Principal>,
    region: Region,
    request_id: &str,
) -> Context {
    let user_agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    Context {
        account: principal.account.clone(),
        region,
        request_id: request_id.into(),
        principal,
        source_ip: peer.address,
        user_agent: user_agent.into(),
        secure: peer.secure,
        environment: app.environment.clone(),
    }
}
