//! `tidegate status`: whether a server runs, and how it is.

use crate::error::{Failure, Outcome};
use crate::output;
use crate::server_address::ServerAddress;
use clap::Args;
use serde_json::Value;
use std::process::ExitCode;

/// Say whether the server runs, and how it is
#[derive(Args)]
pub struct Status {
    #[command(flatten)]
    pub server: ServerAddress,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl Status {
    /// Prints the server's own account of itself; exit status 1 if none runs.
    pub async fn run(self) -> Outcome {
        let text = self.server.get("/_tidegate/status").await?;
        let status: Value =
            serde_json::from_str(&text).map_err(|e| Failure::new("the answer is no JSON").because(e))?;
        if self.json {
            output::json(&status);
        } else if let Value::Object(members) = &status {
            let width = members.keys().map(String::len).max().unwrap_or(0);
            members.iter().for_each(|(name, value)| output::line(&format!("{name:width$}  {}", plain(value))));
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join("; "),
        value => value.to_string(),
    }
}
