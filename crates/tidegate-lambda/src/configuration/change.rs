//! What a client says of a function's configuration, in `CreateFunction` and `UpdateFunctionConfiguration`.

use super::environment::check_variables;
use super::logging::LoggingChange;
use super::{LayerRef, LoggingConfig, Settings, Vpc, check_runtime};
use crate::Error;
use crate::limits::{MEMORY_MB_MAX, TIMEOUT_S_MAX};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The members of both operations; what is absent stays as it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Changes {
    pub role: Option<String>,
    pub description: Option<String>,
    pub layers: Option<Vec<String>>,
    runtime: Option<String>,
    handler: Option<String>,
    timeout: Option<u32>,
    memory_size: Option<u32>,
    ephemeral_storage: Option<EphemeralStorage>,
    environment: Option<Environment>,
    tracing_config: Option<TracingConfig>,
    logging_config: Option<LoggingChange>,
    vpc_config: Option<Vpc>,
    #[serde(rename = "KMSKeyArn")]
    kms_key_arn: Option<String>,
    snap_start: Option<SnapStart>,
    dead_letter_config: Option<DeadLetterConfig>,
    file_system_configs: Option<Vec<Value>>,
    image_config: Option<Value>,
    capacity_provider_config: Option<Value>,
    durable_config: Option<Value>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EphemeralStorage {
    size: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Environment {
    variables: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TracingConfig {
    mode: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SnapStart {
    apply_on: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeadLetterConfig {
    target_arn: Option<String>,
}

impl Changes {
    /// The settings of a new function; its layers are looked up by the caller.
    pub fn create(self, name: &str, architecture: String, layers: Vec<LayerRef>) -> Result<Settings, Error> {
        let (Some(runtime), Some(handler)) = (self.runtime.clone(), self.handler.clone()) else {
            return Err(Error::RuntimeAndHandler);
        };
        let settings = Settings {
            runtime,
            role: self.role.clone().unwrap_or_default(),
            handler,
            timeout_s: 3,
            memory_mb: 128,
            ephemeral_mb: 512,
            variables: None,
            layers,
            architecture,
            tracing: "PassThrough".into(),
            logging: LoggingConfig::of_function(name),
            vpc: None,
            kms_key_arn: None,
            snap_start: "None".into(),
        };
        self.apply(settings, None)
    }

    /// The settings after the change. Layers are looked up by the caller, if the client named any.
    pub fn apply(self, old: Settings, layers: Option<Vec<LayerRef>>) -> Result<Settings, Error> {
        self.refuse_unsupported()?;
        let runtime = self.runtime.unwrap_or(old.runtime);
        check_runtime(&runtime)?;
        let variables = match self.environment {
            // No variables are no environment, whichever way they are taken away.
            Some(environment) => environment.variables.filter(|all| !all.is_empty()),
            None => old.variables,
        };
        check_variables(variables.as_ref().unwrap_or(&BTreeMap::new()))?;
        Ok(Settings {
            runtime,
            role: self.role.unwrap_or(old.role),
            handler: self.handler.unwrap_or(old.handler),
            timeout_s: at_most(self.timeout.unwrap_or(old.timeout_s), "timeout", TIMEOUT_S_MAX)?,
            memory_mb: at_most(self.memory_size.unwrap_or(old.memory_mb), "memorySize", MEMORY_MB_MAX)?,
            ephemeral_mb: self.ephemeral_storage.map_or(old.ephemeral_mb, |storage| storage.size),
            variables,
            layers: layers.unwrap_or(old.layers),
            architecture: old.architecture,
            tracing: self.tracing_config.and_then(|tracing| tracing.mode).unwrap_or(old.tracing),
            logging: old.logging.with(self.logging_config.unwrap_or_default())?,
            vpc: self.vpc_config.or(old.vpc),
            kms_key_arn: self.kms_key_arn.map_or(old.kms_key_arn, |arn| Some(arn).filter(|arn| !arn.is_empty())),
            snap_start: self.snap_start.and_then(|snap| snap.apply_on).unwrap_or(old.snap_start),
        })
    }

    /// Members that would change what a function does, and that nothing here could honor.
    fn refuse_unsupported(&self) -> Result<(), Error> {
        let target = self.dead_letter_config.as_ref().and_then(|config| config.target_arn.as_deref());
        let members = [
            (target.is_some_and(|arn| !arn.is_empty()), "DeadLetterConfig"),
            (self.file_system_configs.as_ref().is_some_and(|list| !list.is_empty()), "FileSystemConfigs"),
            (self.image_config.is_some(), "ImageConfig"),
            (self.capacity_provider_config.is_some(), "CapacityProviderConfig"),
            (self.durable_config.is_some(), "DurableConfig"),
        ];
        let given = members.into_iter().find(|(given, _)| *given);
        given.map_or(Ok(()), |(_, member)| Err(Error::Unsupported(member.into())))
    }
}

fn at_most(value: u32, member: &'static str, limit: u32) -> Result<u32, Error> {
    if value > limit { Err(Error::AboveLimit(value.to_string(), member, limit.into())) } else { Ok(value) }
}
