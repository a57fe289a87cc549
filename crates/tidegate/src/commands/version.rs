//! `tidegate version`.

use crate::error::Outcome;
use crate::output;
use clap::Args;
use serde_json::json;
use std::process::ExitCode;

/// Print the version
#[derive(Args)]
pub struct Version {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl Version {
    /// Prints it.
    pub fn run(self) -> Outcome {
        let version = env!("CARGO_PKG_VERSION");
        if self.json {
            output::json(&json!({ "version": version }))
        } else {
            output::line(&format!("tidegate {version}"))
        }
        Ok(ExitCode::SUCCESS)
    }
}
