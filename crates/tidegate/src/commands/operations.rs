//! `tidegate operations`: what is offered.

use crate::error::Outcome;
use crate::output;
use clap::Args;
use serde_json::{Value, json};
use std::process::ExitCode;
use tidegate_server::coverage;

/// List the AWS operations that are offered
#[derive(Args)]
pub struct Operations {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Print the coverage page
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
}

impl Operations {
    /// Lists them.
    pub fn run(self) -> Outcome {
        if self.markdown {
            output::line(coverage::markdown().trim_end());
        } else if self.json {
            let row = |o: &coverage::Offered| json!({ "operation": o.name, "action": o.action });
            let table = |t: &coverage::Table| (t.model.to_owned(), t.operations.iter().map(row).collect::<Value>());
            output::json(&Value::Object(coverage::tables().iter().map(table).collect()));
        } else {
            coverage::tables()
                .iter()
                .for_each(|t| t.operations.iter().for_each(|o| output::line(&format!("{}:{}", t.model, o.name))));
        }
        Ok(ExitCode::SUCCESS)
    }
}
