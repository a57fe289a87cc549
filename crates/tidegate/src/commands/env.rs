//! `tidegate env`: the variables of `tidegate exec`, to be set in a shell, an editor or a CI job that runs on.

use super::exec;
use crate::error::{Failure, Outcome};
use crate::folders;
use crate::output;
use crate::server_address::ServerAddress;
use clap::Args;
use serde_json::{Map, Value};
use std::process::ExitCode;

/// Print the variables that lead tools to Tidegate
#[derive(Args)]
pub struct Env {
    #[command(flatten)]
    pub server: ServerAddress,
    /// Print a JSON object
    #[arg(long)]
    pub json: bool,
}

impl Env {
    /// Writes the files into the cache, one folder for each port, where they stay; prints lines for a POSIX shell:
    /// `export NAME='value'`, and `unset` for what would lead to other keys.
    pub async fn run(self) -> Outcome {
        let folder = folders::cache().map(|cache| cache.join(format!("env-{}", self.server.port)));
        let folder = folder.ok_or_else(|| Failure::new("no folder for the files").because("HOME is not set"))?;
        std::fs::create_dir_all(&folder).map_err(|e| Failure::new("no folder for the files").because(e))?;
        let (variables, _) = exec::prepare(&self.server, &folder).await?;
        if self.json {
            output::json(&Value::Object(
                variables.into_iter().map(|(name, value)| (name, value.into())).collect::<Map<_, _>>(),
            ));
        } else {
            output::line(&format!("unset {}", exec::REMOVED.join(" ")));
            variables.iter().for_each(|(name, value)| output::line(&format!("export {name}={}", quoted(value))));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// In single quotes, as POSIX shells read them.
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}
