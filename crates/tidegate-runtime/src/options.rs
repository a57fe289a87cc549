//! What the server tells the runtime at its start.

use crate::{LogOutput, RuntimeId, limits};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tidegate_types::{AccountId, Clock, Ids, RandomIds, Region, SystemClock};
use tokio::net::TcpStream;

/// Told about each step of an SDK's installation.
pub type Progress = Arc<dyn Fn(RuntimeId, &str) + Send + Sync>;

/// How environments are made.
pub struct Options {
    /// Folder for what does not outlive the process, such as merged layers; emptied at start.
    pub scratch_dir: PathBuf,
    /// Folder for SDKs, bootstraps and interpreters; shared by several servers.
    pub cache_dir: PathBuf,
    /// Serves the connections that functions make to the AWS endpoint.
    pub endpoint: Arc<dyn Endpoint>,
    /// Takes all log lines.
    pub logs: Arc<dyn LogOutput>,
    /// Wall-clock time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for the names of log streams.
    pub ids: Arc<dyn Ids>,
    /// How sandboxes are made; `required` refuses to run functions without full isolation.
    pub sandbox: tidegate_sandbox::Options,
    /// Install a runtime's SDK before its first function runs. Otherwise only one that is there already is used.
    pub install_sdk: bool,
    /// Told about the installation of SDKs.
    pub progress: Option<Progress>,
    /// Keep environments prepared for the runtimes that are in use.
    pub prepare: bool,
    /// What functions reach over the network.
    pub reach: Reach,
    /// Certificate (PEM) of the authority that signs the endpoint's certificates, which functions are to trust.
    pub authority_pem: Option<String>,
    /// Longest init phase before the first invocation; Lambda's ten seconds.
    pub init_max: Duration,
}

impl Options {
    /// The usual ones: SDKs are installed when they are needed, environments are prepared, and where the system does not
    /// grant every layer of isolation functions run with those that it does.
    pub fn new(
        scratch_dir: PathBuf,
        cache_dir: PathBuf,
        endpoint: Arc<dyn Endpoint>,
        logs: Arc<dyn LogOutput>,
    ) -> Options {
        Options {
            scratch_dir,
            cache_dir,
            endpoint,
            logs,
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            sandbox: tidegate_sandbox::Options::default(),
            install_sdk: true,
            progress: None,
            prepare: true,
            reach: Reach::default(),
            authority_pem: None,
            init_max: limits::INIT_MAX,
        }
    }
}

/// What functions reach over the network beside the AWS endpoint. Where the system does not grant a network of its own to
/// a sandbox, they reach whatever the machine reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Nothing more.
    Endpoint,
    /// Public addresses, by TCP, and names; never the machine, its network or metadata services.
    Internet {
        /// Addresses that are reached although they are not public, such as a database on this machine.
        allow: Vec<SocketAddr>,
    },
}

impl Default for Reach {
    fn default() -> Reach {
        Reach::Internet { allow: Vec::new() }
    }
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
