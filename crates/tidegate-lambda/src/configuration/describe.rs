//! `FunctionConfiguration`: how a version is answered. Terraform compares most of its members with what it wants.
//! <https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html>

use super::{Configuration, LoggingConfig};
use crate::names::{FunctionKey, LATEST, function_arn, qualified_arn};
use serde::Serialize;
use std::collections::BTreeMap;
use tidegate_runtime::RuntimeId;
use tidegate_types::Timestamp;

/// In which answer a version is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// The function was just made.
    Created,
    /// It was just changed.
    Changed,
    /// It was asked for.
    Read,
    /// It is one of a list, which tells no states.
    Listed,
}

/// The answer's members.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Description {
    function_name: String,
    pub function_arn: String,
    runtime: String,
    role: String,
    handler: String,
    code_size: u64,
    description: String,
    timeout: u32,
    memory_size: u32,
    last_modified: String,
    #[serde(rename = "CodeSha256")]
    code_sha256: String,
    pub version: String,
    vpc_config: Option<VpcConfig>,
    environment: Option<Environment>,
    #[serde(rename = "KMSKeyArn")]
    kms_key_arn: Option<String>,
    tracing_config: TracingConfig,
    pub revision_id: String,
    layers: Option<Vec<Layer>>,
    state: Option<&'static str>,
    state_reason: Option<&'static str>,
    state_reason_code: Option<&'static str>,
    last_update_status: Option<&'static str>,
    last_update_status_reason: Option<&'static str>,
    last_update_status_reason_code: Option<&'static str>,
    package_type: &'static str,
    architectures: [String; 1],
    ephemeral_storage: EphemeralStorage,
    snap_start: SnapStart,
    runtime_version_config: Option<RuntimeVersionConfig>,
    logging_config: LoggingConfig,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct VpcConfig {
    subnet_ids: Vec<String>,
    security_group_ids: Vec<String>,
    vpc_id: String,
    ipv6_allowed_for_dual_stack: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Environment {
    variables: BTreeMap<String, String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct TracingConfig {
    mode: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Layer {
    arn: String,
    code_size: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct EphemeralStorage {
    size: u32,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SnapStart {
    apply_on: String,
    optimization_status: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct RuntimeVersionConfig {
    runtime_version_arn: String,
}

impl Configuration {
    /// The answer for this version (`None` is `$LATEST`). Its ARN carries a qualifier if it is a published one, or if
    /// `qualified` says so.
    pub fn describe(&self, key: &FunctionKey, version: Option<u64>, qualified: bool, shown: Shown) -> Description {
        let version = version.map_or_else(|| LATEST.to_owned(), |number| number.to_string());
        let settings = self.settings.clone();
        let arn =
            if qualified || version != LATEST { qualified_arn(key, &version) } else { function_arn(key).to_string() };
        let state = self.states(shown);
        let listed = shown == Shown::Listed;
        Description {
            function_name: key.2.clone(),
            function_arn: arn,
            runtime_version_config: (!listed).then(|| runtime_version(key, &settings.runtime)),
            runtime: settings.runtime,
            role: settings.role,
            handler: settings.handler,
            code_size: self.package.size_bytes,
            description: self.description.clone(),
            timeout: settings.timeout_s,
            memory_size: settings.memory_mb,
            last_modified: Timestamp::from_ms(self.last_modified_ms).iso8601_offset(),
            code_sha256: self.package.sha256(),
            snap_start: snap_start(settings.snap_start, &version),
            version,
            vpc_config: settings.vpc.map(vpc),
            environment: settings.variables.map(|variables| Environment { variables }),
            kms_key_arn: settings.kms_key_arn,
            tracing_config: TracingConfig { mode: settings.tracing },
            revision_id: self.revision_id.clone(),
            layers: layers(settings.layers),
            state: state.state.map(|s| s.0),
            state_reason: state.state.and_then(|s| s.1),
            state_reason_code: state.state.and_then(|s| s.2),
            last_update_status: state.update.map(|s| s.0),
            last_update_status_reason: state.update.and_then(|s| s.1),
            last_update_status_reason_code: state.update.and_then(|s| s.2),
            package_type: "Zip",
            architectures: [settings.architecture],
            ephemeral_storage: EphemeralStorage { size: settings.ephemeral_mb },
            logging_config: settings.logging,
        }
    }

    /// A function is ready as soon as it is stored; the answer to its making or changing still says that it is on its
    /// way, as AWS' does, for clients wait for the change of state.
    fn states(&self, shown: Shown) -> States {
        const ACTIVE: State = ("Active", None, None);
        const DONE: State = ("Successful", None, None);
        match shown {
            Shown::Created => States {
                state: Some(("Pending", Some("The function is being created."), Some("Creating"))),
                update: None,
            },
            Shown::Changed => States {
                state: Some(ACTIVE),
                update: Some(("InProgress", Some("The function is being created."), Some("Creating"))),
            },
            Shown::Read => States { state: Some(ACTIVE), update: Some(DONE) },
            Shown::Listed => States { state: None, update: None },
        }
    }
}

/// A state, its reason, and the reason's code.
type State = (&'static str, Option<&'static str>, Option<&'static str>);

struct States {
    state: Option<State>,
    update: Option<State>,
}

fn snap_start(apply_on: String, version: &str) -> SnapStart {
    let optimization_status = if apply_on != "None" && version != LATEST { "On" } else { "Off" };
    SnapStart { apply_on, optimization_status }
}

fn layers(layers: Vec<super::LayerRef>) -> Option<Vec<Layer>> {
    let layer = |layer: super::LayerRef| Layer { arn: layer.arn, code_size: layer.package.size_bytes };
    Some(layers.into_iter().map(layer).collect()).filter(|layers: &Vec<Layer>| !layers.is_empty())
}

fn vpc(vpc: super::Vpc) -> VpcConfig {
    VpcConfig {
        subnet_ids: vpc.subnet_ids,
        security_group_ids: vpc.security_group_ids,
        vpc_id: String::new(),
        ipv6_allowed_for_dual_stack: vpc.ipv6_allowed_for_dual_stack,
    }
}

/// The ARN that the function's log names, too.
fn runtime_version(key: &FunctionKey, runtime: &str) -> RuntimeVersionConfig {
    let arn = runtime.parse().map(|runtime: RuntimeId| runtime.version_arn(&key.1));
    // Only runtimes that are known are ever stored.
    RuntimeVersionConfig { runtime_version_arn: arn.unwrap_or_default() }
}
