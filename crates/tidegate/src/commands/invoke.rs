//! `tidegate invoke`: runs a function once.

use crate::error::{Failure, Outcome};
use crate::output::{self, safe};
use crate::server_address::ServerAddress;
use clap::Args;
use serde_json::json;
use std::io::Read;
use std::process::ExitCode;
use tidegate_project::client::Error;
use tidegate_types::Blob;

/// Run a function once and print its answer
#[derive(Args)]
pub struct Invoke {
    #[command(flatten)]
    pub server: ServerAddress,
    /// The function's name or ARN
    pub function: String,
    /// The event, JSON; `@FILE` reads a file, `-` standard input
    #[arg(default_value = "{}")]
    pub event: String,
    /// The version or alias to run
    #[arg(long)]
    pub qualifier: Option<String>,
    /// Print the end of the log too
    #[arg(long)]
    pub log: bool,
    /// Print one JSON document: payload, error, log, version
    #[arg(long)]
    pub json: bool,
}

impl Invoke {
    /// Invokes; the exit status is 1 if the function failed.
    pub async fn run(self) -> Outcome {
        let unreadable = |e: std::io::Error| {
            let what = format!("the event cannot be read from {}", self.event.trim_start_matches('@'));
            Failure::new(what).because(e).hint("Give the event as JSON, as @FILE, or as - for standard input.")
        };
        let event = read(&self.event).map_err(unreadable)?;
        let client = self.server.client().await?;
        let input = json!({
            "FunctionName": self.function,
            "Qualifier": self.qualifier,
            "Payload": Blob(event.into_bytes()),
            "LogType": (self.log || self.json).then_some("Tail"),
        });
        let refused = |e: Error| {
            let hint = if e.is_not_found() { "`tidegate ls` lists the functions." } else { HINT };
            Failure::new(format!("{} was not run", self.function)).because(e).hint(hint)
        };
        let answer = client.call("lambda", "Invoke", input).await.map_err(refused)?;
        let payload = answer["Payload"].as_str().unwrap_or_default();
        let log = answer["LogResult"].as_str().and_then(|text| serde_json::from_value::<Blob>(text.into()).ok());
        let log = log.map(|blob| String::from_utf8_lossy(&blob.0).into_owned());
        if self.json {
            let (error, version) = (&answer["FunctionError"], &answer["ExecutedVersion"]);
            output::json(
                &json!({ "payload": payload, "functionError": error, "executedVersion": version, "log": log }),
            );
        } else {
            log.iter().for_each(|log| eprint!("{}", safe(log)));
            output::line(&safe(payload));
        }
        Ok(if answer["FunctionError"].is_null() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

const HINT: &str = "The event is JSON, such as '{\"key\": 1}'; `tidegate logs FUNCTION` shows what the function said.";

fn read(event: &str) -> std::io::Result<String> {
    match event.strip_prefix('@') {
        Some(path) => std::fs::read_to_string(path),
        None if event == "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map(|_| text)
        }
        None => Ok(event.to_owned()),
    }
}
