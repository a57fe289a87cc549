//! How a server is set up.

use crate::edge::Proxies;
use std::net::SocketAddr;
use std::path::PathBuf;

/// A server's settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 takes a free one. A loopback address listens on both families' loopback.
    pub address: SocketAddr,
    /// Where data lives.
    pub data: Data,
    /// Where SDKs and interpreters are kept; servers share it.
    pub cache: PathBuf,
    /// Whether permissions are enforced.
    pub iam: IamMode,
    /// Whether functions may run without full isolation.
    pub sandbox: Sandboxing,
    /// Further names, in lower case, that requests may be addressed to.
    pub allowed_hosts: Vec<String>,
    /// How the forward proxy reaches hosts that are not AWS'.
    pub proxies: Proxies,
}

/// Where data lives.
#[derive(Debug, Clone)]
pub enum Data {
    /// In this folder; it is made if it is not there.
    Directory(PathBuf),
    /// In memory, until the process ends.
    Memory,
}

/// What becomes of IAM's decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IamMode {
    /// What is not allowed is refused.
    Enforce,
    /// What is not allowed is logged and goes on.
    Warn,
    /// Nothing is asked.
    Off,
}

/// What happens where the machine refuses layers of the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sandboxing {
    /// Functions run with the layers there are.
    Best,
    /// The server does not start.
    Required,
}
