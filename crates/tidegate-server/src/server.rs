//! The running server: its listeners, its tasks, its end.

use crate::edge::{Edge, limits::DRAIN_TIMEOUT, tls::Authority};
use crate::{App, Config, Data, Sandboxing, StartError, assemble, tasks};
use std::io;
use std::net::{Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How often the store is asked whether its disk has failed.
const FAILURE_CHECK: Duration = Duration::from_millis(500);

/// A server that runs until it is stopped.
pub struct Server {
    app: Arc<App>,
    edge: Edge,
    tasks: JoinSet<()>,
    address: SocketAddr,
}

impl Server {
    /// Starts one; it serves when this returns.
    pub async fn start(config: Config) -> Result<Server, StartError> {
        let listeners = listen(config.address).await?;
        let address = listeners[0].local_addr().map_err(|e| StartError::Listen(config.address, e))?;
        require_sandbox(&config)?;
        let authority = Arc::new(authority(&config.data)?);
        let app = assemble::assemble(config, address, authority.clone()).await?;
        let edge = Edge::new(app.clone(), authority).map_err(|e| StartError::Tls(e.to_string()))?;
        app.serve_functions_with(edge.clone());
        let mut running = JoinSet::new();
        for listener in listeners {
            let edge = edge.clone();
            running.spawn(async move { edge.accept(listener).await });
        }
        tasks::spawn(&mut running, &app);
        Ok(Server { app, edge, tasks: running, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where its data lives, for people.
    pub fn place(&self) -> String {
        match &self.app.config.data {
            Data::Directory(path) => path.display().to_string(),
            Data::Memory => "memory; it ends with this process".to_owned(),
        }
    }

    /// What the user should know about this machine.
    pub fn warnings(&self) -> Vec<String> {
        self.app.warnings()
    }

    /// Waits until the disk has failed: then no write can be kept any more, and the server should end. Gives the reason.
    pub async fn failed(&self) -> String {
        let mut ticks = tokio::time::interval(FAILURE_CHECK);
        loop {
            ticks.tick().await;
            if let Some(cause) = self.app.store.failure() {
                return cause.to_string();
            }
        }
    }

    /// The services behind it.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Takes no more connections, lets requests in flight end, ends functions, and closes the store.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
        let end = Instant::now() + DRAIN_TIMEOUT;
        self.edge.drain(end).await;
        self.app.runtime.shutdown(end).await;
        self.app.close().await;
    }
}

/// The listeners: on a loopback address both families', so that `localhost` works however it resolves.
async fn listen(address: SocketAddr) -> Result<Vec<TcpListener>, StartError> {
    let first = TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => StartError::AddressInUse(address),
        _ => StartError::Listen(address, error),
    })?;
    let mut listeners = vec![first];
    if address.ip().is_loopback() && address.is_ipv4() {
        let port = listeners[0].local_addr().map_or(address.port(), |bound| bound.port());
        // A machine without IPv6 is served on IPv4 alone.
        listeners.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await);
    }
    Ok(listeners)
}

fn require_sandbox(config: &Config) -> Result<(), StartError> {
    let missing = if config.sandbox == Sandboxing::Required { tasks::missing_layers() } else { Vec::new() };
    if missing.is_empty() { Ok(()) } else { Err(StartError::Sandbox(missing.join(", "))) }
}

fn authority(data: &Data) -> Result<Authority, StartError> {
    let folder = match data {
        Data::Directory(path) => Some(path.as_path()),
        Data::Memory => None,
    };
    let unusable = |path: &Path, error: io::Error| StartError::Data(path.to_owned(), error.to_string());
    if let Some(path) = folder {
        std::fs::create_dir_all(path).map_err(|e| unusable(path, e))?;
    }
    Authority::open(folder).map_err(|e| folder.map_or(StartError::Tls(e.to_string()), |path| unusable(path, e)))
}
