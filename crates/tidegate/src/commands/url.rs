//! `tidegate url`: where APIs answer.

use crate::error::{Failure, Outcome};
use crate::output::{Paint, json, line, paint, safe};
use crate::server_address::ServerAddress;
use clap::Args;
use serde_json::{Value, json};
use std::process::ExitCode;
use tidegate_project::Client;
use tidegate_project::resources::PROJECT_TAG;

/// Print where an API answers
#[derive(Args)]
pub struct Url {
    #[command(flatten)]
    pub server: ServerAddress,
    /// The API's name or id; without one, all APIs are listed
    pub name: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl Url {
    /// Prints one URL, or all with their names.
    pub async fn run(self) -> Outcome {
        let client = self.server.client().await?;
        let all = apis(&client).await?;
        let named = |api: &&Value| {
            self.name.as_ref().is_none_or(|name| api["Name"] == name.as_str() || api["ApiId"] == name.as_str())
        };
        let found: Vec<&Value> = all.iter().filter(named).collect();
        if let (Some(name), true) = (&self.name, found.is_empty()) {
            return Err(Failure::new(format!("there is no API named {name}")).hint("`tidegate url` lists them all."));
        }
        if self.json {
            json(
                &found
                    .iter()
                    .map(|api| json!({ "name": api["Name"], "id": api["ApiId"], "url": url(api, &self.server) }))
                    .collect(),
            );
            return Ok(ExitCode::SUCCESS);
        }
        if found.is_empty() {
            eprintln!("No API is here yet in {}. AWS_REGION names another region.", client.region);
        }
        for api in found {
            match self.name {
                Some(_) => line(&url(api, &self.server)),
                None => {
                    line(&format!("{}  {}", url(api, &self.server), safe(api["Name"].as_str().unwrap_or_default())))
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Prints where a project's APIs answer.
pub async fn print_all(client: &Client, server: &ServerAddress, project: &str) -> Result<(), Failure> {
    for api in apis(client).await?.iter().filter(|api| api["Tags"][PROJECT_TAG] == project) {
        let name = safe(api["Name"].as_str().unwrap_or_default());
        line(&format!("\n  {name} answers at {}", paint(Paint::Strong, &url(api, server))));
    }
    Ok(())
}

async fn apis(client: &Client) -> Result<Vec<Value>, Failure> {
    let refused = |e| Failure::new("the APIs cannot be listed").because(e);
    client.pages("apigatewayv2", "GetApis", "Items", ["NextToken", "NextToken"]).await.map_err(refused)
}

/// The URL of an API's `$default` stage on this machine.
fn url(api: &Value, server: &ServerAddress) -> String {
    format!("http://{}.execute-api.localhost:{}", api["ApiId"].as_str().unwrap_or_default(), server.port)
}
