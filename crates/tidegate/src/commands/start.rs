//! `tidegate start`: the server, in the foreground.

use crate::error::{Failure, Outcome, STATUS_CONFIG, STATUS_IO};
use crate::folders;
use clap::{Args, ValueEnum};
use std::io::{IsTerminal, Write};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use tidegate_server::{Config, Data, IamMode, Proxies, Sandboxing, Server, StartError};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Start the server and keep it in the foreground
#[derive(Args, Clone)]
pub struct Start {
    /// Port to listen on; 0 takes a free one
    #[arg(long, env = "TIDEGATE_PORT", default_value_t = 4566)]
    pub port: u16,
    /// Address to listen on; anything but loopback lets other machines in
    #[arg(long, default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// Folder that keeps everything [default: ~/.local/share/tidegate]
    #[arg(long, env = "TIDEGATE_DATA")]
    pub data: Option<PathBuf>,
    /// Keep nothing: all data lives in memory and ends with the process
    #[arg(long, conflicts_with = "data")]
    pub memory: bool,
    /// Whether permissions are enforced
    #[arg(long, value_enum, default_value = "enforce")]
    pub iam: Iam,
    /// Whether functions may run where the machine does not grant full isolation
    #[arg(long, value_enum, default_value = "best")]
    pub sandbox: Sandbox,
    /// A further Host name that the server answers to
    #[arg(long = "allow-host", value_name = "NAME")]
    pub allowed_hosts: Vec<String>,
}

/// How IAM decisions are used.
#[derive(Clone, Copy, ValueEnum)]
pub enum Iam {
    /// What is not allowed is refused
    Enforce,
    /// What is not allowed is logged, and goes on
    Warn,
    /// Nothing is checked
    Off,
}

/// What happens where the machine refuses layers of the sandbox.
#[derive(Clone, Copy, ValueEnum)]
pub enum Sandbox {
    /// Functions run with the layers there are, and `tidegate doctor` says which are missing
    Best,
    /// The server does not start unless every layer is there
    Required,
}

impl Start {
    /// Serves until it is told to stop.
    pub async fn run(self) -> Outcome {
        let server = self.launch().await?;
        let stop = Stop::listen();
        announce(&server);
        serve(server, stop, std::future::pending()).await
    }

    /// Starts the server and returns once it serves.
    pub async fn launch(&self) -> Result<Server, Failure> {
        Server::start(self.config()?).await.map_err(|error| explain(error, self.port))
    }

    fn config(&self) -> Result<Config, Failure> {
        Ok(Config {
            address: (self.host, self.port).into(),
            cache: folders::cache().ok_or_else(no_home)?,
            data: if self.memory { Data::Memory } else { Data::Directory(self.data_folder()?) },
            iam: match self.iam {
                Iam::Enforce => IamMode::Enforce,
                Iam::Warn => IamMode::Warn,
                Iam::Off => IamMode::Off,
            },
            sandbox: match self.sandbox {
                Sandbox::Best => Sandboxing::Best,
                Sandbox::Required => Sandboxing::Required,
            },
            allowed_hosts: self.allowed_hosts.iter().map(|name| name.to_ascii_lowercase()).collect(),
            proxies: Proxies::read(|name| std::env::var(name).ok(), self.port),
        })
    }

    fn data_folder(&self) -> Result<PathBuf, Failure> {
        self.data.clone().or_else(folders::data).ok_or_else(no_home)
    }
}

fn no_home() -> Failure {
    Failure::new("no folder to keep things in")
        .because("HOME is not set")
        .hint("Set HOME, or XDG_DATA_HOME and XDG_CACHE_HOME.")
}

fn announce(server: &Server) {
    let mut out = std::io::stdout().lock();
    for warning in server.warnings() {
        eprintln!("warning: {warning}");
    }
    let (url, place) = (server.url(), server.place());
    // A closed standard output does not keep the server from serving.
    let _ = writeln!(out, "Tidegate {} at {url}\nData in {place}", env!("CARGO_PKG_VERSION"));
    if out.is_terminal() {
        let _ = writeln!(out, "`tidegate exec -- COMMAND` runs a tool against it. Ctrl-C stops it.");
    }
    let _ = writeln!(out, "Ready.");
    let _ = out.flush();
}

/// Serves, with other work beside it, until a signal comes, and ends well; or until the disk fails, and says so.
pub async fn serve(server: Server, mut stop: Stop, beside: impl Future<Output = ()>) -> Outcome {
    let cause = tokio::select! {
        () = stop.asked() => None,
        () = beside => None,
        cause = server.failed() => Some(cause),
    };
    eprintln!("Stopping …");
    server.stop().await;
    cause.map_or(Ok(ExitCode::SUCCESS), |cause| {
        let hint = "What was acknowledged is kept. See to the disk, and start again.";
        Err(Failure::new("the data folder can no longer be written").because(cause).hint(hint).status(STATUS_IO))
    })
}

/// SIGINT and SIGTERM: listened to before anybody is told that the server runs, so that none is missed.
pub struct Stop {
    interrupt: Option<Signal>,
    terminate: Option<Signal>,
}

impl Stop {
    /// From now on, the signals end nothing by themselves.
    pub fn listen() -> Stop {
        Stop { interrupt: signal(SignalKind::interrupt()).ok(), terminate: signal(SignalKind::terminate()).ok() }
    }

    /// Waits for one of them.
    pub async fn asked(&mut self) {
        let (Some(interrupt), Some(terminate)) = (&mut self.interrupt, &mut self.terminate) else {
            return std::future::pending().await;
        };
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
    }
}

fn explain(error: StartError, port: u16) -> Failure {
    let failure = Failure::new("the server did not start").because(&error);
    match error {
        StartError::AddressInUse(_) => failure.hint(format!(
            "Another program has port {port}, perhaps a Tidegate that runs already. Choose another with --port, or 0 for any."
        )),
        StartError::NewerFormat(_) => {
            failure.hint("A newer Tidegate wrote this folder. Use that version, or another folder with --data.").status(STATUS_CONFIG)
        }
        StartError::DataInUse(_) => failure.hint("One server at a time may use a folder. Choose another with --data."),
        StartError::Sandbox(_) => failure.hint("`tidegate doctor` says what the machine offers."),
        _ => failure,
    }
}
