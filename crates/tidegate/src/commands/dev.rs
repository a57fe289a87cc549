//! `tidegate dev`: a server and a project in one: starts, deploys, shows the log, and deploys again when the code changes.

use super::deploy::{AS_THE_PROJECT_SAYS, install_sdks, read, show, take, unplanned};
use super::start::{Start, Stop, serve};
use crate::error::{Failure, Outcome};
use crate::output::{Paint, line, paint};
use crate::server_address::ServerAddress;
use clap::Args;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};
use tidegate_project::{Client, Plan, Project};

/// Start the server, deploy a project, and deploy again whenever its files change
#[derive(Args)]
pub struct Dev {
    #[command(flatten)]
    pub start: Start,
    /// The project file, or a folder with one
    #[arg(default_value = ".")]
    pub project: PathBuf,
}

/// Between two looks at the project's files.
const PAUSE: Duration = Duration::from_millis(500);

impl Dev {
    /// Serves until it is told to stop.
    pub async fn run(self) -> Outcome {
        // A mistake in the file shows before anything starts.
        read(&self.project)?;
        let server = self.start.launch().await?;
        server.warnings().iter().for_each(|warning| eprintln!("warning: {warning}"));
        let address = ServerAddress { port: server.address().port() };
        line(&format!("Tidegate {} at {}\nData in {}", env!("CARGO_PKG_VERSION"), server.url(), server.place()));
        let client = address.client().await?;
        let mut stop = Stop::listen();
        let deployed = tokio::select! {
            deployed = deploy(&client, &address, &self.project) => deployed.map(|()| true),
            () = stop.asked() => Ok(false),
        };
        if !matches!(deployed, Ok(true)) {
            server.stop().await;
            return deployed.map(|_| ExitCode::SUCCESS);
        }
        line(&format!(
            "\n{} Ctrl-C stops.\nReady.",
            paint(Paint::Faint, "Changes of the project's files are deployed as they happen.")
        ));
        serve(server, stop, watch(&client, &address, &self.project)).await
    }
}

async fn deploy(client: &Client, server: &ServerAddress, path: &Path) -> Result<(), Failure> {
    let project: Project = read(path)?;
    let plan = Plan::to_deploy(client, &project).await.map_err(unplanned)?;
    show(&plan, false, AS_THE_PROJECT_SAYS);
    install_sdks(&plan, &project).await;
    take(client, &plan, false).await?;
    super::url::print_all(client, server, &project.name).await
}

/// Deploys again whenever a file of the project is another than before.
async fn watch(client: &Client, server: &ServerAddress, path: &Path) {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    let mut before = state(folder);
    loop {
        tokio::time::sleep(PAUSE).await;
        let now = state(folder);
        if now != before {
            before = now;
            if let Err(failure) = deploy(client, server, path).await {
                failure.report();
            }
        }
    }
}

/// Sizes and times of all files below, hidden ones and packages apart.
fn state(folder: &Path) -> BTreeMap<PathBuf, (u64, Option<SystemTime>)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let skipped = name.to_string_lossy().starts_with('.') || name == "node_modules" || name == "__pycache__";
            let Ok(metadata) = entry.metadata() else { continue };
            match metadata.is_dir() {
                _ if skipped => {}
                true => folders.push(entry.path()),
                false => drop(found.insert(entry.path(), (metadata.len(), metadata.modified().ok()))),
            }
        }
    }
    found
}
