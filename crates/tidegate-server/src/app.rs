//! Everything behind the edge, in one place: what the requests and the background tasks of a server share.

use crate::edge::Edge;
use crate::edge::tls::Authority;
use crate::{Config, Data, IamMode};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use tidegate_apigateway::ApiGateway;
use tidegate_core::ports::Credentials;
use tidegate_core::{Environment, Registry};
use tidegate_dynamodb::DynamoDb;
use tidegate_lambda::Lambda;
use tidegate_logs::Logs;
use tidegate_runtime::Runtime;
use tidegate_store::Store;
use tidegate_wire::sigv4::Verifier;

/// The services and what they stand on.
pub struct App {
    /// How the server is set up.
    pub config: Config,
    /// Its certificate authority.
    pub authority: Arc<Authority>,
    /// All operations.
    pub registry: Registry,
    /// Clock, ids, permissions.
    pub environment: Arc<Environment>,
    /// Access keys.
    pub credentials: Arc<dyn Credentials>,
    /// Signatures.
    pub verifier: Verifier,
    /// API Gateway's data plane.
    pub gateway: Arc<ApiGateway>,
    /// Lambda.
    pub lambda: Arc<Lambda>,
    /// DynamoDB.
    pub dynamodb: Arc<DynamoDb>,
    /// CloudWatch Logs.
    pub logs: Arc<Logs>,
    /// What everything is kept in.
    pub store: Store,
    /// A fresh id of this process.
    pub session_id: Arc<str>,
    /// When it started, in milliseconds since 1970.
    pub started_ms: u64,
    /// What runs the functions.
    pub runtime: Runtime,
    /// Layers of the sandbox that this machine refuses, for people; known a moment after the start.
    pub missing_layers: OnceLock<Vec<String>>,
    /// Where code is extracted and merged layers lie.
    pub(crate) scratch: PathBuf,
    pub(crate) function_edge: Arc<OnceLock<Edge>>,
}

impl App {
    /// Seconds since it started.
    pub fn uptime_s(&self) -> u64 {
        self.environment.clock.now_ms().saturating_sub(self.started_ms) / 1000
    }

    /// How the server is, for `tidegate status`.
    pub fn status(&self) -> Value {
        let operations: usize = self.registry.services().map(|(_, operations)| operations.len()).sum();
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "uptime": format!("{} s", self.uptime_s()),
            "iam": if self.config.iam == IamMode::Enforce { "enforced" } else { "not enforced" },
            "sandbox": self.sandbox(),
            "environments": self.runtime.environments(),
            "operations": operations,
            "apis": self.gateway.list().len(),
            "proxy": self.config.proxies.name().unwrap_or_else(|| "none".to_owned()),
        })
    }

    fn sandbox(&self) -> String {
        match self.missing_layers.get() {
            None => "being looked at".to_owned(),
            Some(missing) if missing.is_empty() => "full".to_owned(),
            Some(missing) => format!("reduced (no {})", missing.join(", no ")),
        }
    }

    /// What the user should know about these settings.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if !self.config.address.ip().is_loopback() {
            warnings.push(format!("other machines can reach this server: it listens on {}.", self.config.address));
        }
        if self.config.iam != IamMode::Enforce {
            warnings.push("permissions are not enforced.".to_owned());
        }
        warnings.extend(self.config.proxies.warnings().map(str::to_owned));
        warnings
    }

    /// From now on, connections that functions make are served by this edge.
    pub(crate) fn serve_functions_with(&self, edge: Edge) {
        // Set once, at start, before any function runs.
        let _ = self.function_edge.set(edge);
    }

    /// Closes the store; the functions have ended.
    pub async fn close(&self) {
        if let Data::Memory = self.config.data {
            // What cannot be removed is for the system to clean up, as all in its folder for such files.
            let _ = std::fs::remove_dir_all(&self.scratch);
        }
        let store = self.store.clone();
        let closed = tokio::task::spawn_blocking(move || store.close()).await;
        if let Ok(Err(error)) = closed {
            tracing::error!(%error, "the store was not closed cleanly; the next start recovers it");
        }
    }
}
