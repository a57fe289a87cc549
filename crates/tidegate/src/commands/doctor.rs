//! `tidegate doctor`: what this machine offers, and what to do about what is missing.

use super::runtimes;
use crate::error::{Failure, Outcome};
use crate::folders;
use crate::output::{self, Paint, line, paint};
use crate::server_address::ServerAddress;
use clap::Args;
use serde_json::json;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::ExitCode;
use tidegate_sandbox::{Capability, probe};

/// Check what this machine offers: sandbox layers, interpreters, the port
#[derive(Args)]
pub struct Doctor {
    /// The port that the server would use
    #[arg(long, env = "TIDEGATE_PORT", default_value_t = 4566)]
    pub port: u16,
    /// Check all data of a server that is not running against its checksums, instead
    #[arg(long)]
    pub verify: bool,
    /// The server's data folder, for --verify [default: ~/.local/share/tidegate]
    #[arg(long, env = "TIDEGATE_DATA")]
    pub data: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl Doctor {
    /// Prints what there is; exit status 1 if functions would run with less than the full sandbox.
    pub async fn run(self) -> Outcome {
        if self.verify {
            return self.verify();
        }
        let capabilities = probe();
        let full = capabilities.layers.iter().all(|layer| layer.available);
        let port = self.port_state().await;
        let runtimes = runtimes::found().await?;
        if self.json {
            let layer =
                |c: &Capability| json!({ "layer": c.layer.name(), "available": c.available, "detail": c.sentence });
            let layers: Vec<_> = capabilities.layers.iter().map(layer).collect();
            output::json(
                &json!({ "sandbox": capabilities.level().to_string(), "layers": layers, "port": port, "runtimes": runtimes::json(&runtimes) }),
            );
        } else {
            line(&format!("{}  {}", paint(Paint::Strong, "Sandbox"), capabilities.level()));
            capabilities.layers.iter().for_each(|layer| line(&layer_line(layer)));
            line(&paint(Paint::Strong, "Runtimes"));
            runtimes.iter().for_each(|found| line(&runtimes::text(found)));
            line(&format!("{}  {} is {port}", paint(Paint::Strong, "Port"), self.port));
        }
        Ok(if full { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl Doctor {
    async fn port_state(&self) -> &'static str {
        if TcpListener::bind(("127.0.0.1", self.port)).is_ok() {
            return "free";
        }
        match (ServerAddress { port: self.port }).get("/_tidegate/health").await {
            Ok(_) => "in use by a Tidegate that runs",
            Err(_) => "in use by another program; choose another with --port",
        }
    }

    fn verify(self) -> Outcome {
        let folder = self
            .data
            .or_else(folders::data)
            .ok_or_else(|| Failure::new("no folder to check").because("HOME is not set"))?;
        let unchecked = |why: String| {
            Failure::new(format!("{} was not checked", folder.display())).because(why).hint("Stop its server first.")
        };
        let (damage, entries) = tidegate_server::verify_data_folder(&folder).map_err(unchecked)?;
        if self.json {
            output::json(&json!({ "entries": entries, "damage": damage }));
        } else {
            line(&format!("{entries} entries read, {} damaged places", damage.len()));
            damage.iter().for_each(|place| line(&format!("  {} {place}", paint(Paint::Bad, "✗"))));
        }
        Ok(if damage.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn layer_line(layer: &Capability) -> String {
    let mark = if layer.available { paint(Paint::Good, "✓") } else { paint(Paint::Bad, "✗") };
    format!("  {mark} {:16} {}", layer.layer.name(), layer.sentence)
}
