//! The forward proxy for plain HTTP: requests whose target is a whole `http://` URL of a host that is not AWS'. Tools
//! inside `tidegate exec` send them here because Tidegate is their proxy; they go on to where they were meant to.

use super::connection::{Edge, Peer};
use super::host;
use super::limits::TUNNEL_CONNECT_TIMEOUT;
use super::reply::{refusal, refusal_and_close};
use super::upstream::{Proxy, host_and_port};
use bytes::Bytes;
use http::uri::Scheme;
use http::{HeaderMap, Request, Response, Version, header};
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// An answer of the server's own, or one that passes through it.
pub type Passing = Response<Either<Full<Bytes>, Incoming>>;

/// Headers that concern one connection only (RFC 9110 §7.6.1), and those that only proxies are told.
const HOP_BY_HOP: [&str; 7] =
    ["connection", "keep-alive", "proxy-authorization", "proxy-connection", "te", "transfer-encoding", "upgrade"];

/// Whether the client takes this server for its proxy. Only HTTP/1 tells: with HTTP/2 all targets are whole.
pub fn is_for_a_proxy(request: &Request<Incoming>) -> bool {
    request.version() < Version::HTTP_2 && request.uri().scheme() == Some(&Scheme::HTTP)
}

/// Passes a request on, for clients on this machine only.
pub async fn pass_on(edge: &Edge, peer: &Peer, request: Request<Incoming>) -> Passing {
    let refused = |status, message: &str| refusal(status, message).map(Either::Left);
    if peer.function || !peer.address.is_loopback() {
        return refused(403, "Requests to other hosts are for clients on this machine.");
    }
    let Some((name, port)) = place(&request) else { return refused(400, "The request's target names no host.") };
    match timeout(TUNNEL_CONNECT_TIMEOUT, edge.app.config.proxies.plain(&name, port)).await {
        Ok(Ok((stream, proxy))) => match send(stream, proxy, request).await {
            Ok(answer) => answer.map(Either::Right),
            Err(error) if error.is_user() => broken_body(),
            Err(error) => refused(502, &format!("{} gave no answer: {error}", host_and_port(&name, port))),
        },
        Ok(Err(error)) => refused(502, &format!("{} cannot be reached: {error}", host_and_port(&name, port))),
        Err(_) => refused(504, &format!("{} did not answer in time.", host_and_port(&name, port))),
    }
}

/// What was sent on so far is taken back: the connection to the other host ends without the body's end.
fn broken_body() -> Passing {
    refusal_and_close(400, "The request's body ended early.").map(Either::Left)
}

fn place(request: &Request<Incoming>) -> Option<(String, u16)> {
    let authority = request.uri().authority()?;
    Some((host::name(authority.as_str()).into_owned(), authority.port_u16().unwrap_or(80)))
}

async fn send(
    stream: TcpStream,
    proxy: Option<&Proxy>,
    mut request: Request<Incoming>,
) -> Result<Response<Incoming>, hyper::Error> {
    without_hop_by_hop(request.headers_mut());
    match proxy {
        Some(proxy) => {
            let authorization = proxy.authorization().map(|value| (header::PROXY_AUTHORIZATION, value));
            request.headers_mut().extend(authorization);
        }
        None => to_origin_form(&mut request),
    }
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // It ends with the answer's body.
    tokio::spawn(connection);
    let mut answer = sender.send_request(request).await?;
    without_hop_by_hop(answer.headers_mut());
    Ok(answer)
}

/// A server is sent the path only; the host is in its header already, and was compared with the target.
fn to_origin_form(request: &mut Request<Incoming>) {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    // A path that was part of a URL is one by itself.
    *request.uri_mut() = target.parse().unwrap_or_default();
}

/// Takes out what concerns one connection only, and what `Connection` says does.
fn without_hop_by_hop(headers: &mut HeaderMap) {
    let listed = headers.get_all(header::CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let listed: Vec<String> = listed.flat_map(|value| value.split(',')).map(|name| name.trim().to_owned()).collect();
    let listed = listed.iter().map(String::as_str);
    listed.chain(HOP_BY_HOP).for_each(|name| drop(headers.remove(name)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    #[test]
    fn drops_what_concerns_one_connection() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, X-Mine"),
            ("x-mine", "1"),
            ("keep-alive", "timeout=5"),
            ("proxy-authorization", "Basic xyz"),
            ("transfer-encoding", "chunked"),
            ("accept", "*/*"),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        without_hop_by_hop(&mut headers);
        assert_eq!(headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["accept"]);
    }
}
