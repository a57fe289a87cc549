//! `tidegate logs`: a function's or a group's log, as it grows.

use crate::error::{Failure, Outcome};
use crate::output::{Paint, paint, safe, try_line};
use crate::server_address::ServerAddress;
use clap::Args;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::process::ExitCode;
use std::time::Duration;
use tidegate_project::Client;
use tidegate_project::client::Error;
use tidegate_types::{Clock, SystemClock, Timestamp};

/// Print a log, and go on printing it as it grows
#[derive(Args)]
pub struct Logs {
    #[command(flatten)]
    pub server: ServerAddress,
    /// A function's name, or a log group's (which begins with a slash)
    pub name: String,
    /// Go on until interrupted
    #[arg(long, short)]
    pub follow: bool,
    /// How far back to begin, in minutes
    #[arg(long, default_value_t = 10)]
    pub since: u64,
    /// Only events that match this filter pattern
    #[arg(long)]
    pub filter: Option<String>,
    /// Print each event as a line of JSON
    #[arg(long)]
    pub json: bool,
}

/// Between two looks at the log.
const PAUSE: Duration = Duration::from_millis(500);
/// Events may come late by this much, so each look begins that much before the last event.
const OVERLAP_MS: u64 = 5_000;

const FILTER_HINT: &str = "A filter is words, \"a phrase\", or a condition such as '{ $.level = \"ERROR\" }'.";

impl Logs {
    /// Prints what is there; with `--follow`, what comes.
    pub async fn run(self) -> Outcome {
        let client = self.server.client().await?;
        let group = if self.name.starts_with('/') { self.name.clone() } else { format!("/aws/lambda/{}", self.name) };
        let (mut from, mut seen) = (SystemClock.now_ms().saturating_sub(self.since * 60_000), HashSet::new());
        loop {
            let refused = |e: Error| {
                let missing = "A function's group is made when it first runs; `tidegate ls` lists the groups.";
                let hint = if e.is_not_found() { missing } else { FILTER_HINT };
                Failure::new(format!("{group} cannot be read")).because(e).hint(hint)
            };
            for event in self.events(&client, &group, from).await.map_err(refused)? {
                if seen.insert(event["eventId"].as_str().unwrap_or_default().to_owned()) {
                    from = from.max(event["timestamp"].as_u64().unwrap_or(0).saturating_sub(OVERLAP_MS));
                    if try_line(&self.text(&event)).is_err() {
                        return Ok(ExitCode::SUCCESS);
                    }
                }
            }
            if !self.follow {
                return Ok(ExitCode::SUCCESS);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn events(&self, client: &Client, group: &str, from: u64) -> Result<Vec<Value>, Error> {
        let (mut all, mut token) = (Vec::new(), Value::Null);
        loop {
            let mut input = json!({ "logGroupName": group, "startTime": from });
            if let Some(pattern) = &self.filter {
                input["filterPattern"] = json!(pattern);
            }
            if !token.is_null() {
                input["nextToken"] = token;
            }
            let mut page = client.call("logs", "FilterLogEvents", input).await?;
            if let Value::Array(events) = page["events"].take() {
                all.extend(events);
            }
            token = page["nextToken"].take();
            if token.is_null() {
                return Ok(all);
            }
        }
    }

    fn text(&self, event: &Value) -> String {
        if self.json {
            return event.to_string();
        }
        let at = Timestamp::from_ms(event["timestamp"].as_u64().unwrap_or(0)).iso8601_ms();
        let message = event["message"].as_str().unwrap_or_default();
        format!("{} {}", paint(Paint::Faint, &at), safe(message.trim_end_matches('\n')))
    }
}
