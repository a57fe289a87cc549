//! The data plane's door: a request for an API, by its host or by its path, on its way to API Gateway.

use super::body::{self, BodyError};
use super::connection::{Edge, Peer};
use super::control;
use super::host;
use super::limits::{API_BODY_MAX, API_HEAD_BYTES_MAX};
use super::reply::{Reply, refusal_and_close};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Version, header, request::Parts};
use http_body_util::Full;
use hyper::body::Incoming;
use tidegate_apigateway::{Authentication, GatewayRequest, GatewayResponse};
use tidegate_wire::sigv4::{self, Claim, Dialect, Rules};

/// Which API is meant, and what of the URL it sees.
pub struct Target {
    /// The API's id.
    pub api_id: String,
    /// The path on the execute-api host, as sent.
    pub path: String,
    /// The `Host` as sent.
    pub host: String,
}

/// `/_aws/execute-api/ID/STAGE/path` on this machine's own host, for those who cannot resolve `*.localhost`.
pub fn path_style(path: &str, host: &str) -> Option<Target> {
    let rest = path.strip_prefix("/_aws/execute-api/")?;
    let (api_id, rest) = rest.split_once('/').unwrap_or((rest, ""));
    let (stage, below) = rest.split_once('/').unwrap_or((rest, ""));
    let path = match stage {
        "$default" | "%24default" | "" => format!("/{below}"),
        stage if below.is_empty() => format!("/{stage}"),
        stage => format!("/{stage}/{below}"),
    };
    Some(Target { api_id: api_id.to_owned(), path, host: host.to_owned() })
}

/// Answers a request for an API.
pub async fn answer(edge: &Edge, peer: &Peer, request: http::Request<Incoming>, target: Target) -> Reply {
    let (parts, body) = request.into_parts();
    if head_bytes(&parts) > API_HEAD_BYTES_MAX {
        return refusal_and_close(431, "Request Header Fields Too Large");
    }
    let body = match body::read(body, API_BODY_MAX).await {
        Ok(body) => body,
        Err(BodyError::TooLarge) => return refusal_and_close(413, "Request Entity Too Large"),
        Err(BodyError::TooSlow) => return refusal_and_close(408, "Request Timeout"),
        Err(BodyError::Broken) => return refusal_and_close(400, "Bad Request"),
    };
    let authentication = authenticate(edge, &parts, &target, &body);
    let request = GatewayRequest {
        domain_name: host::name(&target.host).into_owned(),
        api_id: target.api_id,
        method: parts.method,
        path: target.path,
        query: parts.uri.query().map(str::to_owned),
        headers: with_host(parts.headers, &target.host),
        body,
        source_ip: peer.address,
        protocol: protocol(parts.version),
        authentication,
    };
    reply(edge.app.gateway.execute(request).await)
}

/// Bytes of the request line and the headers, as API Gateway counts them.
fn head_bytes(parts: &Parts) -> usize {
    let headers: usize = parts.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    headers + parts.uri.path_and_query().map_or(0, |target| target.as_str().len())
}

fn protocol(version: Version) -> &'static str {
    match version {
        Version::HTTP_2 => "HTTP/2.0",
        Version::HTTP_10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    }
}

fn with_host(mut headers: HeaderMap, host: &str) -> HeaderMap {
    if let (false, Ok(host)) = (headers.contains_key(header::HOST), HeaderValue::from_str(host)) {
        headers.insert(header::HOST, host);
    }
    headers
}

/// Who signed the request, for routes that ask for it.
fn authenticate(edge: &Edge, parts: &Parts, target: &Target, body: &Bytes) -> Authentication {
    let signed = parts.headers.contains_key(header::AUTHORIZATION)
        || parts.uri.query().is_some_and(|q| q.contains("X-Amz-Signature"));
    if !signed {
        return Authentication::Unsigned;
    }
    let headers = with_host(parts.headers.clone(), &target.host);
    let request = sigv4::Request {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or_default(),
        headers: &headers,
        body: Some(body),
    };
    let claim = match Claim::read(&request) {
        Ok(claim) => claim,
        // `Authorization: Bearer …` is no signature, and none of IAM's business.
        Err(sigv4::Error::UnsupportedAlgorithm(_)) => return Authentication::Unsigned,
        Err(_) => return Authentication::Failed,
    };
    let region = edge.app.gateway.api_owner(&target.api_id).map(|(_, region)| region);
    let rules = Rules { region: region.as_ref().map(|r| r.as_str()), ..Rules::of("execute-api", Dialect::RestJson) };
    let (app, now) = (&edge.app, edge.app.environment.clock.now());
    match app.verifier.authenticate_claim(&claim, &request, &rules, now, |claim| control::identity(app, claim)) {
        Ok(authentic) => Authentication::Verified(authentic.identity),
        Err(_) => Authentication::Failed,
    }
}

fn reply(response: GatewayResponse) -> Reply {
    let mut reply = Reply::new(Full::new(response.body));
    *reply.status_mut() = http::StatusCode::from_u16(response.status).unwrap_or(http::StatusCode::BAD_GATEWAY);
    reply.headers_mut().extend(response.headers);
    reply
}

#[cfg(test)]
mod tests {
    use super::path_style;

    #[test]
    fn reads_apis_out_of_paths() {
        let cases = [
            ("/_aws/execute-api/abc/$default/items", Some(("abc", "/items"))),
            ("/_aws/execute-api/abc/%24default/items/1", Some(("abc", "/items/1"))),
            ("/_aws/execute-api/abc/dev/items", Some(("abc", "/dev/items"))),
            ("/_aws/execute-api/abc/dev", Some(("abc", "/dev"))),
            ("/_aws/execute-api/abc", Some(("abc", "/"))),
            ("/items", None),
        ];
        for (path, expected) in cases {
            let found = path_style(path, "localhost").map(|target| (target.api_id, target.path));
            assert_eq!(found.as_ref().map(|(id, path)| (id.as_str(), path.as_str())), expected, "{path}");
        }
    }
}
