//! What the server hands over, and what it gets back.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use std::net::IpAddr;
use std::sync::Arc;
use tidegate_core::Principal;
use tidegate_types::Region;

/// The result of checking the request's signature for the service `execute-api`.
#[derive(Debug, Clone, Default)]
pub enum Authentication {
    /// The request carries no signature.
    #[default]
    Unsigned,
    /// The signature is good.
    Verified(Arc<Principal>),
    /// There is a signature, and it is not good.
    Failed,
}

/// One request for an API's `execute-api` host.
#[derive(Debug, Clone)]
pub struct GatewayRequest {
    /// The API's id: the host's first label, or what a path-style URL names.
    pub api_id: String,
    /// The method as sent.
    pub method: Method,
    /// The path as sent, percent-encoded, with the stage if one is named, such as `/dev/items/a%20b`.
    pub path: String,
    /// What stands behind the question mark, as sent.
    pub query: Option<String>,
    /// The headers, with repeated ones.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
    /// The client's address.
    pub source_ip: IpAddr,
    /// Such as `HTTP/1.1`, as the client speaks it.
    pub protocol: &'static str,
    /// The host as called, without a port.
    pub domain_name: String,
    /// Who signed the request, if anyone.
    pub authentication: Authentication,
}

impl GatewayRequest {
    /// Whether the host's name leaves it at this region: an API has no address in any other.
    pub(crate) fn is_for(&self, region: &Region) -> bool {
        let mut labels = self.domain_name.split('.').skip(1);
        let named =
            labels.next().filter(|label| *label == "execute-api").and_then(|_| labels.next()).unwrap_or_default();
        named == region.as_str() || named.parse::<Region>().is_err()
    }

    /// The first value of a header as text; empty if it is absent or not ASCII.
    pub(crate) fn header(&self, name: &HeaderName) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The protocol as events and logs show it: real ones say `HTTP/1.1` for clients that speak HTTP/2, too.
    pub(crate) fn shown_protocol(&self) -> &'static str {
        if self.protocol.starts_with("HTTP/2") { "HTTP/1.1" } else { self.protocol }
    }
}

/// The answer. The server adds `date`, `content-length` and what the connection needs.
#[derive(Debug, Clone)]
pub struct GatewayResponse {
    /// The status, 200 to 599.
    pub status: u16,
    /// The headers in order; `set-cookie` may stand more than once. For `HEAD`, `content-length` is among them.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body; empty for `HEAD`.
    pub body: Bytes,
}

impl GatewayResponse {
    /// Whether a header of this name is set.
    pub(crate) fn has(&self, name: &HeaderName) -> bool {
        self.headers.iter().any(|(n, _)| n == name)
    }
}
