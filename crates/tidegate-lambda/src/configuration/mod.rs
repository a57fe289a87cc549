//! The configuration of a function version: what is stored of it, how a client changes it, how it is answered.

mod change;
mod describe;
mod environment;
mod logging;
mod runtimes;
#[cfg(test)]
mod tests;

pub(crate) use change::Changes;
pub(crate) use describe::{Description, Shown};
pub(crate) use logging::LoggingConfig;
pub(crate) use runtimes::check_runtime;

use crate::code::Package;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tidegate_store::BlobId;

/// One version's configuration and code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Configuration {
    pub description: String,
    pub settings: Settings,
    pub package: Package,
    pub last_modified_ms: u64,
    pub revision_id: String,
    /// Whether it was changed since the function was made.
    pub updated: bool,
}

/// What makes one version differ from another, beside the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub runtime: String,
    pub role: String,
    pub handler: String,
    pub timeout_s: u32,
    pub memory_mb: u32,
    pub ephemeral_mb: u32,
    pub variables: Option<BTreeMap<String, String>>,
    pub layers: Vec<LayerRef>,
    pub architecture: String,
    /// `PassThrough` or `Active`.
    pub tracing: String,
    pub logging: LoggingConfig,
    pub vpc: Option<Vpc>,
    pub kms_key_arn: Option<String>,
    /// `None` or `PublishedVersions`.
    pub snap_start: String,
}

/// A layer that a function uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LayerRef {
    pub arn: String,
    pub package: Package,
}

/// Subnets and security groups, which are kept and answered but not applied.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Vpc {
    pub subnet_ids: Vec<String>,
    pub security_group_ids: Vec<String>,
    pub ipv6_allowed_for_dual_stack: bool,
}

impl Configuration {
    /// The archives that it needs.
    pub fn blobs(&self) -> Vec<BlobId> {
        let layers = self.settings.layers.iter().map(|layer| &layer.package.blob);
        layers.chain([&self.package.blob]).cloned().collect()
    }

    /// Whether publishing would make a version like this one again.
    pub fn is_same_version(&self, other: &Configuration) -> bool {
        self.settings == other.settings && self.package == other.package
    }
}
