//! The edge: one port for everything. It accepts connections (plain, TLS, or a tunnel through the forward proxy), asks
//! who each request is for, and hands it to the control plane, to an API's data plane, or to nobody.

mod body;
mod connection;
mod control;
mod forward;
mod framing;
mod gateway;
pub mod host;
pub mod limits;
mod linger;
mod local;
mod pace;
mod reply;
mod request;
mod strict;
pub mod tls;
mod tunnel;
mod upstream;

pub use connection::{Edge, Peer};
pub use reply::Reply;
pub use upstream::Proxies;

/// Where `GetFunction` sends those who want a function's code.
pub const CODE_PATH: &str = "/_tidegate/code";
