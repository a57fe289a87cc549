//! `tidegate exec -- CMD`: runs a tool against Tidegate, unmodified. The tool gets credentials, configuration files, a
//! CA bundle and a proxy of its own, so that AWS' host names reach Tidegate, and so that the user's real keys sign nothing.

use crate::aws_files::AwsFiles;
use crate::ca_bundle;
use crate::error::{Failure, Outcome};
use crate::server_address::ServerAddress;
use clap::Args;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus};
use tempfile::TempDir;
use tidegate_server::Proxies;
use tokio::signal::unix::{SignalKind, signal};

/// Run a command whose AWS calls, and requests to execute-api URLs, go to Tidegate
///
/// The command gets keys, AWS configuration files, CA certificates and a proxy of its own. Every profile of your own files
/// is there, with Tidegate's keys; what `aws configure` sets inside is there the next time, too, but for the keys.
/// Hosts that are not AWS' are reached directly, or through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY named
/// when the server started.
#[derive(Args)]
pub struct Exec {
    #[command(flatten)]
    pub server: ServerAddress,
    /// The command and its arguments
    #[arg(trailing_var_arg = true, required = true, num_args = 1..)]
    pub command: Vec<String>,
}

impl Exec {
    /// Runs the command and passes its exit status on.
    pub async fn run(self) -> Outcome {
        run_inside(&self.server, &self.command).await
    }
}

/// Variables that would lead tools to the user's own keys; they are taken away.
pub const REMOVED: [&str; 2] = ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"];

/// Runs a command in Tidegate's environment; 127 if there is none of that name, 126 if it cannot be run, 128 + n if
/// signal n ended it.
pub async fn run_inside(server: &ServerAddress, command: &[String]) -> Outcome {
    let folder = TempDir::with_prefix("tidegate-").map_err(|e| Failure::new("no temporary folder").because(e))?;
    let (variables, files) = prepare(server, folder.path()).await?;
    warn_of_other_proxy(server).await?;
    let mut child = Command::new(&command[0]);
    child.args(&command[1..]).envs(variables);
    for name in REMOVED {
        child.env_remove(name);
    }
    // The terminal sends Ctrl-C to the command too; it decides how to end, and then its status is passed on.
    let _held = signal(SignalKind::interrupt());
    let guard = tokio::spawn(files.clone().guard());
    let child = child.spawn().map_err(|e| not_started(&command[0], &e))?;
    let status = ended(child).await.map_err(|e| Failure::new("the command was lost").because(e))?;
    guard.abort();
    if let Err(error) = files.keep_changes() {
        eprintln!("warning: the profiles that were set are lost: {error}");
    }
    let code = status.code().or(status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    Ok(ExitCode::from(code as u8))
}

/// Waits for the command, and passes on to it what asks this process to end.
async fn ended(mut child: Child) -> io::Result<ExitStatus> {
    let (mut terminate, mut hangup) = (signal(SignalKind::terminate())?, signal(SignalKind::hangup())?);
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let mut waiting = tokio::task::spawn_blocking(move || child.wait());
    loop {
        let passed = tokio::select! {
            status = &mut waiting => return status.map_err(io::Error::other)?,
            _ = terminate.recv() => Signal::TERM,
            _ = hangup.recv() => Signal::HUP,
        };
        // One that has just ended needs no signal.
        let _ = pid.map(|pid| kill_process(pid, passed));
    }
}

/// The server reaches other hosts for the command, and knows the proxy of its own environment only.
async fn warn_of_other_proxy(server: &ServerAddress) -> Result<(), Failure> {
    let Some(named) = Proxies::read(|name| std::env::var(name).ok(), server.port).name() else { return Ok(()) };
    let status = server.get("/_tidegate/status").await?;
    if serde_json::from_str::<Value>(&status).is_ok_and(|status| status["proxy"] == "none") {
        eprintln!(
            "warning: the proxy {named} is not used: the server was started without it. Start it again from this environment."
        );
    }
    Ok(())
}

fn not_started(name: &str, error: &io::Error) -> Failure {
    let failure = Failure::new(format!("`{name}` could not be started")).because(error);
    match error.kind() {
        io::ErrorKind::NotFound => failure.hint("Is it installed, and on PATH?").status(127),
        _ => failure.hint("Is it a program, and may you run it?").status(126),
    }
}

/// The environment variables that lead a tool to Tidegate, with the files they name written into `folder`.
pub async fn prepare(server: &ServerAddress, folder: &Path) -> Result<(Vec<(String, String)>, AwsFiles), Failure> {
    let authority = server.get("/_tidegate/ca.pem").await?;
    let bundle = ca_bundle::write(folder, &authority).map_err(|e| Failure::new("no CA bundle").because(e))?;
    let files = AwsFiles::write(folder).map_err(|e| Failure::new("no AWS files").because(e))?;
    let url = server.url();
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let mut variables = vec![
        ("AWS_ENDPOINT_URL".to_owned(), url.clone()),
        ("AWS_ACCESS_KEY_ID".to_owned(), "test".to_owned()),
        ("AWS_SECRET_ACCESS_KEY".to_owned(), "test".to_owned()),
        ("AWS_EC2_METADATA_DISABLED".to_owned(), "true".to_owned()),
        ("AWS_CONFIG_FILE".to_owned(), text(&files.config)),
        ("AWS_SHARED_CREDENTIALS_FILE".to_owned(), text(&files.credentials)),
        ("NODE_EXTRA_CA_CERTS".to_owned(), text(&bundle.own)),
        ("NODE_USE_ENV_PROXY".to_owned(), "1".to_owned()),
    ];
    for name in ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"] {
        variables.push((name.to_owned(), text(&bundle.all)));
    }
    for (name, value) in [("HTTPS_PROXY", &url), ("HTTP_PROXY", &url), ("NO_PROXY", &NO_PROXY.to_owned())] {
        variables.push((name.to_owned(), value.clone()));
        variables.push((name.to_ascii_lowercase(), value.clone()));
    }
    Ok((variables, files))
}

/// Names that tools reach without the proxy. Others of the user's own are reached directly by the proxy itself, so that
/// none of them can lead around it to AWS.
const NO_PROXY: &str = "localhost,127.0.0.1,::1";
