//! The forward proxy: `CONNECT`. AWS' names end here, in Tidegate itself; other names are tunneled, for clients on this
//! machine only. So a tool whose proxy is Tidegate can fetch its plugins, and can never reach the real AWS.

use super::connection::{Edge, Peer, Stream};
use super::host;
use super::limits::TUNNEL_CONNECT_TIMEOUT;
use super::reply::{Reply, refusal_and_close, reply};
use super::upstream::host_and_port;
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

/// Answers a `CONNECT`. Whoever is refused has to begin anew: nothing behind a `CONNECT` has been read strictly.
pub async fn connect(edge: &Edge, peer: &Peer, request: hyper::Request<Incoming>) -> Reply {
    let Some(authority) = request.uri().authority().cloned() else {
        return refusal_and_close(400, "CONNECT needs a host and a port.");
    };
    let (name, port) = (host::name(authority.as_str()), authority.port_u16().unwrap_or(443));
    if host::is_aws(&name) || name.ends_with(".localhost") {
        tokio::spawn(serve_here(edge.clone(), peer.clone(), request, port));
        return established();
    }
    if peer.function || !peer.address.is_loopback() {
        return refusal_and_close(403, "Tunnels to other hosts are for clients on this machine.");
    }
    match timeout(TUNNEL_CONNECT_TIMEOUT, edge.app.config.proxies.tunnel(&name, port)).await {
        Ok(Ok(other)) => {
            tokio::spawn(copy(request, other));
            established()
        }
        Ok(Err(error)) => refused(502, &format!("{} cannot be reached: {error}", host_and_port(&name, port))),
        Err(_) => refused(504, &format!("{} did not answer in time.", host_and_port(&name, port))),
    }
}

/// A refusal whose reason phrase says why, too: most tools show nothing else of an answer to `CONNECT`.
fn refused(status: u16, message: &str) -> Reply {
    let mut reply = refusal_and_close(status, message);
    // What cannot be such a phrase is in the body only.
    if let Ok(reason) = ReasonPhrase::try_from(message.as_bytes()) {
        reply.extensions_mut().insert(reason);
    }
    reply
}

/// The answer after which the connection is the tunnel. Tools recognize it by its reason phrase.
fn established() -> Reply {
    let mut reply = reply(200, Vec::new(), Bytes::new());
    reply.extensions_mut().insert(ReasonPhrase::from_static(b"Connection established"));
    reply
}

async fn serve_here(edge: Edge, peer: Peer, request: hyper::Request<Incoming>, port: u16) {
    let Ok(upgraded) = hyper::upgrade::on(request).await else { return };
    let stream = TokioIo::new(upgraded);
    if port == 80 { edge.serve(stream, peer).await } else { edge.serve_tls(stream, peer).await }
}

async fn copy(request: hyper::Request<Incoming>, mut other: Box<dyn Stream>) {
    if let Ok(upgraded) = hyper::upgrade::on(request).await {
        // Either end may close at any time; that is how tunnels end.
        let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(upgraded), &mut other).await;
    }
}
