//! `tidegate ls`: what is there.

use crate::error::{Failure, Outcome};
use crate::output::{self, Paint, line, paint, safe};
use crate::server_address::ServerAddress;
use clap::Args;
use serde_json::{Map, Value, json};
use std::process::ExitCode;

/// List functions, APIs, tables, roles and log groups
#[derive(Args)]
pub struct Ls {
    #[command(flatten)]
    pub server: ServerAddress,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// A kind of resource: its heading, where to ask for it, the member that lists it, and the members to show.
const KINDS: [(&str, &str, &str, &str, &[&str]); 5] = [
    ("Functions", "lambda", "ListFunctions", "Functions", &["FunctionName", "Runtime"]),
    ("HTTP APIs", "apigatewayv2", "GetApis", "Items", &["Name", "ApiId"]),
    ("Tables", "dynamodb", "ListTables", "TableNames", &[]),
    ("Roles", "iam", "ListRoles", "Roles", &["RoleName"]),
    ("Log groups", "logs", "DescribeLogGroups", "logGroups", &["logGroupName"]),
];

impl Ls {
    /// Lists everything in one region.
    pub async fn run(self) -> Outcome {
        let client = self.server.client().await?;
        let mut all = Map::new();
        for (heading, service, operation, member, shown) in KINDS {
            let refused = |e| Failure::new(format!("{heading} cannot be listed")).because(e);
            let page = client.call(service, operation, json!({})).await.map_err(refused)?;
            let items = page[member].as_array().cloned().unwrap_or_default();
            if !self.json && !items.is_empty() {
                line(&paint(Paint::Strong, heading));
                items.iter().for_each(|item| line(&format!("  {}", safe(&row(item, shown)))));
            }
            all.insert(heading.to_owned(), Value::Array(items));
        }
        if self.json {
            output::json(&Value::Object(all));
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn row(item: &Value, shown: &[&str]) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if shown.is_empty() {
        text(item)
    } else {
        shown.iter().map(|member| text(&item[*member])).collect::<Vec<_>>().join("  ")
    }
}
