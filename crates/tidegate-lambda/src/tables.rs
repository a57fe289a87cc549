//! What is stored: functions, versions, aliases, policies, layers and waiting events.

use crate::configuration::Configuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use tidegate_store::Table;
use tidegate_types::{AccountId, Region, Tags};

/// Account, region, function, version.
pub(crate) type VersionKey = (AccountId, Region, String, u64);
/// Account, region, function, and an alias, a qualifier or an event's id.
pub(crate) type NamedKey = (AccountId, Region, String, String);

pub(crate) const FUNCTIONS: Table<crate::names::FunctionKey, Function> = Table::new("lambda.functions");
pub(crate) const VERSIONS: Table<VersionKey, Configuration> = Table::new("lambda.versions");
pub(crate) const ALIASES: Table<NamedKey, Alias> = Table::new("lambda.aliases");
/// Resource policies by qualifier; the function's own has the empty one.
pub(crate) const POLICIES: Table<NamedKey, Policy> = Table::new("lambda.policies");
/// How asynchronous events are tried again, by qualifier.
pub(crate) const EVENT_CONFIGS: Table<NamedKey, EventConfig> = Table::new("lambda.event-invoke-configs");
/// Reserved concurrency, apart from the functions so that an account's sum is cheap.
pub(crate) const RESERVED: Table<crate::names::FunctionKey, u32> = Table::new("lambda.reserved-concurrency");
/// Events that wait for their asynchronous invocation, by their ids.
pub(crate) const EVENTS: Table<NamedKey, Event> = Table::new("lambda.events");
pub(crate) const LAYERS: Table<VersionKey, Layer> = Table::new("lambda.layers");
/// The number of a layer's newest version, which outlives the version.
pub(crate) const LAYER_NUMBERS: Table<crate::names::FunctionKey, u64> = Table::new("lambda.layer-numbers");

/// A function: its `$LATEST`, and what belongs to all of its versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Function {
    pub latest: Configuration,
    /// The number that the next published version gets.
    pub next_version: u64,
    pub tags: Tags,
}

/// A name for a version, or for two of them by weight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Alias {
    /// `$LATEST` or a number.
    pub version: String,
    pub description: String,
    pub weights: BTreeMap<String, f64>,
    pub revision_id: String,
}

/// The resource policy of a function, a version or an alias.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Policy {
    pub statements: Vec<Value>,
    pub revision_id: String,
}

/// How asynchronous events of a qualifier are handled.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct EventConfig {
    pub retries: Option<u32>,
    pub age_s: Option<u32>,
    pub on_success: Option<String>,
    pub on_failure: Option<String>,
    pub last_modified_ms: u64,
}

/// An asynchronous invocation that waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Event {
    pub qualifier: Option<String>,
    /// JSON text.
    pub payload: String,
    pub trace_header: Option<String>,
    pub client_context: Option<String>,
    pub enqueued_ms: u64,
    pub due_ms: u64,
    /// How often the function was run for it.
    pub attempts: u32,
    /// How often it could not be run.
    pub deferrals: u32,
}

/// A version of a layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Layer {
    pub description: String,
    pub package: crate::code::Package,
    pub runtimes: Option<Vec<String>>,
    pub architectures: Option<Vec<String>>,
    pub license: Option<String>,
    pub created_ms: u64,
    #[serde(default)]
    pub policy: Policy,
}
