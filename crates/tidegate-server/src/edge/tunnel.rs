//! The forward proxy: `CONNECT`. AWS' names end here, in Tidegate itself; other names are tunneled, for clients on this
//! machine only. So a tool whose proxy is Tidegate can fetch its plugins, and can never reach the real AWS.

use super::connection::{Edge, Peer};
use super::host;
use super::limits::TUNNEL_CONNECT_TIMEOUT;
use super::reply::{Reply, refusal, reply};
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;
use hyper_util::rt::TokioIo;
use std::io;
use std::net::IpAddr;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// Answers a `CONNECT`.
pub async fn connect(edge: Edge, peer: Peer, request: hyper::Request<Incoming>) -> Reply {
    let Some(authority) = request.uri().authority().cloned() else {
        return refusal(400, "CONNECT needs a host and a port.");
    };
    let (name, port) = (host::name(authority.as_str()), authority.port_u16().unwrap_or(443));
    if host::is_aws(&name) || name.ends_with(".localhost") {
        tokio::spawn(serve_here(edge, peer, request, port));
        return established();
    }
    if peer.function || !peer.address.is_loopback() {
        return refusal(403, "Tunnels to other hosts are for clients on this machine.");
    }
    match timeout(TUNNEL_CONNECT_TIMEOUT, reach(&name, port)).await {
        Ok(Ok(other)) => {
            tokio::spawn(copy(request, other));
            established()
        }
        Ok(Err(error)) => refusal(502, &format!("{name}:{port} cannot be reached: {error}")),
        Err(_) => refusal(504, &format!("{name}:{port} did not answer in time.")),
    }
}

/// Connects to another host, but never to a link-local address: there, clouds give a machine's own credentials to
/// whoever asks, and tools inside `tidegate exec` must find Tidegate's only.
async fn reach(name: &str, port: u16) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::PermissionDenied, "tunnels to link-local addresses are not made");
    for address in lookup_host((name, port)).await?.filter(|address| !is_link_local(address.ip())) {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn is_link_local(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_link_local() || ip.is_unspecified(),
        IpAddr::V6(ip) => ip.is_unicast_link_local() || ip.is_unspecified(),
    }
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

async fn copy(request: hyper::Request<Incoming>, mut other: TcpStream) {
    if let Ok(upgraded) = hyper::upgrade::on(request).await {
        // Either end may close at any time; that is how tunnels end.
        let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(upgraded), &mut other).await;
    }
}
