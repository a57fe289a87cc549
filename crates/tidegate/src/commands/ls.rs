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

/// A kind of resource.
struct Kind {
    /// What it is called, for people and for programs.
    names: [&'static str; 2],
    /// The service and the operation that list it.
    call: [&'static str; 2],
    /// The member that holds a page, and the tokens for the next one: the output's and the input's.
    items: &'static str,
    token: [&'static str; 2],
    /// The members to show; none if an item is its name.
    shown: &'static [&'static str],
}

const KINDS: [Kind; 5] = [
    Kind {
        names: ["Functions", "functions"],
        call: ["lambda", "ListFunctions"],
        items: "Functions",
        token: ["NextMarker", "Marker"],
        shown: &["FunctionName", "Runtime"],
    },
    Kind {
        names: ["HTTP APIs", "httpApis"],
        call: ["apigatewayv2", "GetApis"],
        items: "Items",
        token: ["NextToken", "NextToken"],
        shown: &["Name", "ApiId"],
    },
    Kind {
        names: ["Tables", "tables"],
        call: ["dynamodb", "ListTables"],
        items: "TableNames",
        token: ["LastEvaluatedTableName", "ExclusiveStartTableName"],
        shown: &[],
    },
    Kind {
        names: ["Roles", "roles"],
        call: ["iam", "ListRoles"],
        items: "Roles",
        token: ["Marker", "Marker"],
        shown: &["RoleName"],
    },
    Kind {
        names: ["Log groups", "logGroups"],
        call: ["logs", "DescribeLogGroups"],
        items: "logGroups",
        token: ["nextToken", "nextToken"],
        shown: &["logGroupName"],
    },
];

impl Ls {
    /// Lists everything in one region.
    pub async fn run(self) -> Outcome {
        let client = self.server.client().await?;
        let mut all = Map::new();
        for kind in KINDS {
            let ([heading, key], [service, operation]) = (kind.names, kind.call);
            let refused = |e| Failure::new(format!("{heading} cannot be listed")).because(e);
            let items = client.pages(service, operation, kind.items, kind.token).await.map_err(refused)?;
            if !self.json && !items.is_empty() {
                line(&paint(Paint::Strong, heading));
                items.iter().for_each(|item| line(&format!("  {}", safe(&row(item, kind.shown)))));
            }
            all.insert(key.to_owned(), Value::Array(items));
        }
        if self.json {
            output::json(&Value::Object(all));
        } else if all.values().all(|items| items == &json!([])) {
            eprintln!("Nothing is here yet in {}. AWS_REGION names another region.", client.region);
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
