//! What the server tells the runtime at its start.

use crate::LogOutput;
use std::path::PathBuf;
use std::sync::Arc;
use tidegate_types::{AccountId, Clock, Ids, Region};
use tokio::net::TcpStream;

/// How environments are made.
pub struct Options {
    /// Folder for `/tmp` of environments and other things that do not outlive the process; emptied at start.
    pub scratch_dir: PathBuf,
    /// Folder for SDKs, bootstraps and interpreters; shared by several servers.
    pub cache_dir: PathBuf,
    /// The port of the server on this machine, for functions that are not in a network namespace of their own.
    pub endpoint_port: u16,
    /// Serves the connections that functions make to the AWS endpoint.
    pub endpoint: Arc<dyn Endpoint>,
    /// Takes all log lines.
    pub logs: Arc<dyn LogOutput>,
    /// Wall-clock time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for the names of log streams.
    pub ids: Arc<dyn Ids>,
    /// Refuse to run functions when the machine does not offer full isolation (`--sandbox=required`).
    pub sandbox_required: bool,
}

/// Serves AWS requests that come from inside a sandbox.
pub trait Endpoint: Send + Sync {
    /// Takes an accepted connection over; called on the executor, must not wait.
    fn serve(&self, from: &EnvironmentIdentity, connection: TcpStream);
}

/// Which environment a connection comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentIdentity {
    /// The function's account.
    pub account: AccountId,
    /// The function's region.
    pub region: Region,
    /// The function's name.
    pub function: String,
    /// The function's version.
    pub version: String,
    /// The environment's log stream, which is unique to it.
    pub log_stream: String,
}
