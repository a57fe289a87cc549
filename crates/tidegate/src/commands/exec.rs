//! `tidegate exec -- CMD`: runs a tool against Tidegate, unmodified. The tool gets credentials, configuration files, a
//! CA bundle and a proxy of its own, so that AWS' host names reach Tidegate, and so that the user's real keys sign nothing.

use crate::aws_files::AwsFiles;
use crate::ca_bundle;
use crate::error::{Failure, Outcome};
use crate::server_address::ServerAddress;
use clap::Args;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitCode};
use tempfile::TempDir;

/// Run a command whose AWS calls, and requests to execute-api URLs, go to Tidegate
#[derive(Args)]
pub struct Exec {
    #[command(flatten)]
    pub server: ServerAddress,
    /// The command and its arguments
    #[arg(last = true, required = true, num_args = 1..)]
    pub command: Vec<String>,
}

impl Exec {
    /// Runs the command and passes its exit status on.
    pub async fn run(self) -> Outcome {
        run_inside(&self.server, &self.command).await
    }
}

/// Runs a command in Tidegate's environment; 127 if it cannot be started, 128 + n if signal n ended it.
pub async fn run_inside(server: &ServerAddress, command: &[String]) -> Outcome {
    let files = TempDir::with_prefix("tidegate-").map_err(|e| Failure::new("no temporary folder").because(e))?;
    let variables = variables(server, files.path()).await?;
    let mut child = Command::new(&command[0]);
    child.args(&command[1..]).envs(variables).env_remove("AWS_SESSION_TOKEN").env_remove("AWS_SECURITY_TOKEN");
    // The terminal sends Ctrl-C to the command too; it decides how to end, and then its status is passed on.
    let _held = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
    let status = tokio::task::spawn_blocking(move || child.status()).await;
    let status = status.map_err(|e| Failure::new("the command was lost").because(e))?;
    let status = status.map_err(|e| not_started(&command[0], &e))?;
    let code = status.code().or(status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    Ok(ExitCode::from(code as u8))
}

fn not_started(name: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("`{name}` could not be started"))
        .because(error)
        .hint("Is it installed, and on PATH?")
        .status(127)
}

/// The environment variables that lead a tool to Tidegate, with the files they name written into `folder`.
pub async fn variables(server: &ServerAddress, folder: &Path) -> Result<Vec<(String, String)>, Failure> {
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
    if std::env::var_os("AWS_REGION").is_none() && std::env::var_os("AWS_DEFAULT_REGION").is_none() {
        variables.push(("AWS_DEFAULT_REGION".to_owned(), files.region));
    }
    Ok(variables)
}

/// Names that tools reach without the proxy.
const NO_PROXY: &str = "localhost,127.0.0.1,::1";
