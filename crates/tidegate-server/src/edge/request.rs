//! One request on its way in: does it name one host, who is it for, may its sender ask?

use super::connection::{Edge, Peer};
use super::forward::{self, Passing};
use super::host::{self, Destination};
use super::reply::{Reply, refusal, refusal_and_close};
use super::{control, gateway, local, tunnel};
use http::uri::Scheme;
use http::{HeaderMap, HeaderName, Method, Request, Version, header};
use http_body_util::Either;
use hyper::body::Incoming;

/// Answers a request.
pub async fn handle(edge: &Edge, peer: &Peer, request: Request<Incoming>) -> Passing {
    if request.method() == Method::CONNECT {
        return tunnel::connect(edge, peer, request).await.map(Either::Left);
    }
    let host = match sound_host(&request) {
        Ok(host) => host,
        Err(message) => return refusal_and_close(400, message).map(Either::Left),
    };
    let answer = match host::destination(&host, &edge.app.config.allowed_hosts) {
        Destination::Foreign if forward::is_for_a_proxy(&request) => {
            return forward::pass_on(edge, peer, request).await;
        }
        Destination::Foreign => refusal(
            403,
            "This server does not answer to that Host name. Use localhost, or start it with --allow-host NAME.",
        ),
        Destination::ExecuteApi { api_id, .. } => {
            let path = request.uri().path().to_owned();
            gateway::answer(edge, peer, request, gateway::Target { api_id, path, host }).await
        }
        Destination::Control => on_own_host(edge, peer, request, host).await,
    };
    answer.map(Either::Left)
}

/// Requests to this machine's own name: an API by its path, Tidegate's own paths, or AWS' APIs.
async fn on_own_host(edge: &Edge, peer: &Peer, request: Request<Incoming>, host: String) -> Reply {
    if let Some(target) = gateway::path_style(request.uri().path(), &host) {
        return gateway::answer(edge, peer, request, target).await;
    }
    if let Err(message) = from_here(request.headers()) {
        return refusal(403, message);
    }
    match local::answer(edge, &request).await {
        Some(reply) => reply,
        None => control::answer(edge, peer, request, host).await,
    }
}

/// The host that the request names, once and without contradiction (RFC 9112 §3.2).
fn sound_host(request: &Request<Incoming>) -> Result<String, &'static str> {
    let (headers, uri) = (request.headers(), request.uri());
    if uri.scheme().is_some_and(|scheme| *scheme != Scheme::HTTP && *scheme != Scheme::HTTPS) {
        return Err("The request's target is neither http nor https.");
    }
    let mut hosts = headers.get_all(header::HOST).iter();
    let named = hosts.next().map(|h| h.to_str().map_err(|_| "The Host header is not text.")).transpose()?;
    if hosts.next().is_some() {
        return Err("A request has one Host header.");
    }
    let host = match (named, uri.authority()) {
        (Some(named), Some(authority)) if !named.eq_ignore_ascii_case(authority.as_str()) => {
            return Err("The Host header and the request's target name different hosts.");
        }
        (Some(named), _) => named,
        (None, Some(authority)) if request.version() == Version::HTTP_2 => authority.as_str(),
        (None, _) => return Err("A request needs a Host header."),
    };
    if host::is_host(host) { Ok(host.to_owned()) } else { Err("The Host header does not name a host.") }
}

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what a page of another site makes a browser send: it must not be able to sign with well-known keys.
fn from_here(headers: &HeaderMap) -> Result<(), &'static str> {
    let site = headers.get(FETCH_SITE).map(|v| v.as_bytes());
    if site == Some(b"cross-site") {
        return Err("A page of another site may not call this server.");
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let name = origin.to_str().ok().and_then(|o| o.split_once("://")).map(|(_, authority)| host::name(authority));
    match name {
        Some(name) if host::is_loopback(&name) || name.ends_with(".localhost") => Ok(()),
        _ => Err("A page of another origin may not call this server."),
    }
}
