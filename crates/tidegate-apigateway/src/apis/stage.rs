//! A stage as it is stored, which is also how `GetStage` shows it.

use super::api::whole_seconds;
use super::{RouteKey, length};
use crate::Error;
use crate::limits::LOG_FORMAT_BYTES_MAX;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tidegate_core::Context;
use tidegate_types::{Arn, Tags, Timestamp};

/// Where a stage writes its access log, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AccessLogSettings {
    /// The log group's ARN, kept without a trailing `:*`.
    pub destination_arn: Option<String>,
    /// One line with `$context` variables.
    pub format: Option<String>,
}

impl AccessLogSettings {
    fn is_empty(&self) -> bool {
        let empty = |text: &Option<String>| text.as_ref().is_none_or(String::is_empty);
        empty(&self.destination_arn) && empty(&self.format)
    }

    fn checked(mut self) -> Result<AccessLogSettings, Error> {
        let arn = self.destination_arn.as_deref().unwrap_or_default();
        if arn.parse::<Arn>().is_ok_and(|arn| arn.service() == "firehose") {
            return Err(Error::NotImplemented("an access log that goes to Firehose"));
        }
        let arn = arn.strip_suffix(":*").unwrap_or(arn).to_owned();
        let group = log_group(&arn).ok_or(Error::LogDestination)?;
        let format = self.format.as_deref().unwrap_or_default();
        let names_request = ["$context.requestId", "$context.extendedRequestId"].iter().any(|v| format.contains(v));
        if group.is_empty() || format.contains(['\n', '\r']) || format.len() > LOG_FORMAT_BYTES_MAX || !names_request {
            return Err(Error::LogFormat);
        }
        self.destination_arn = Some(arn);
        Ok(self)
    }

    /// The log group's name.
    pub fn group(&self) -> Option<&str> {
        self.destination_arn.as_deref().and_then(log_group)
    }
}

fn log_group(arn: &str) -> Option<&str> {
    let group = arn.splitn(6, ':').nth(5)?.strip_prefix("log-group:")?;
    (arn.starts_with("arn:") && arn.split(':').nth(2) == Some("logs")).then_some(group)
}

/// What a stage does with the requests of one route, or of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RouteSettings {
    /// Whether metrics are kept by route.
    pub detailed_metrics_enabled: bool,
    /// How many requests may come at once.
    pub throttling_burst_limit: Option<u32>,
    /// How many requests may come per second in the long run.
    pub throttling_rate_limit: Option<f64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct RouteSettingsInput {
    data_trace_enabled: Option<bool>,
    detailed_metrics_enabled: Option<bool>,
    logging_level: Option<String>,
    throttling_burst_limit: Option<u32>,
    throttling_rate_limit: Option<f64>,
}

impl RouteSettingsInput {
    fn checked(self) -> Result<RouteSettings, Error> {
        let logs = self.logging_level.is_some_and(|level| level != "OFF");
        if logs || self.data_trace_enabled == Some(true) {
            return Err(Error::ExecutionLogs);
        }
        if self.throttling_rate_limit.is_some_and(|rate| !(rate >= 0.0 && rate.is_finite())) {
            return Err(Error::ThrottlingLimit);
        }
        Ok(RouteSettings {
            detailed_metrics_enabled: self.detailed_metrics_enabled.unwrap_or_default(),
            throttling_burst_limit: self.throttling_burst_limit,
            throttling_rate_limit: self.throttling_rate_limit,
        })
    }
}

/// A stage of an API. <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename.html>
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Stage {
    /// Where requests are logged.
    pub access_log_settings: Option<AccessLogSettings>,
    /// Whether quick create made it.
    pub api_gateway_managed: Option<bool>,
    /// Whether each change of the API is deployed here at once.
    pub auto_deploy: bool,
    /// When it was made.
    pub created_date: Timestamp,
    /// Settings of routes that have none of their own.
    pub default_route_settings: RouteSettings,
    /// What it serves.
    pub deployment_id: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// How the last automatic deployment went.
    pub last_deployment_status_message: Option<String>,
    /// When it was last changed.
    pub last_updated_date: Timestamp,
    /// Settings by route key.
    pub route_settings: BTreeMap<String, RouteSettings>,
    /// `$default`, or the first part of the path.
    pub stage_name: String,
    /// Variables for integrations and functions.
    pub stage_variables: BTreeMap<String, String>,
    /// Tags.
    pub tags: Tags,
}

/// What `CreateStage` and `UpdateStage` both take.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct StageSettings {
    access_log_settings: Option<AccessLogSettings>,
    auto_deploy: Option<bool>,
    client_certificate_id: Option<String>,
    default_route_settings: Option<RouteSettingsInput>,
    /// What to serve.
    pub deployment_id: Option<String>,
    description: Option<String>,
    route_settings: Option<BTreeMap<String, RouteSettingsInput>>,
    stage_variables: Option<BTreeMap<String, String>>,
}

impl StageSettings {
    /// What quick create asks for.
    pub fn quick() -> StageSettings {
        StageSettings { auto_deploy: Some(true), ..StageSettings::default() }
    }

    /// Puts what was given onto a stage. A stage variable with an empty value goes.
    pub fn apply(self, stage: &mut Stage) -> Result<(), Error> {
        if self.client_certificate_id.is_some_and(|id| !id.is_empty()) {
            return Err(Error::NotForHttp("clientCertificateId"));
        }
        length::description(self.description.as_ref())?;
        stage.auto_deploy = self.auto_deploy.unwrap_or(stage.auto_deploy);
        if self.deployment_id.is_some() && self.deployment_id != stage.deployment_id && stage.auto_deploy {
            return Err(Error::DeploymentOfAutoDeploy);
        }
        stage.deployment_id = self.deployment_id.or(stage.deployment_id.take());
        stage.description = self.description.or(stage.description.take());
        if let Some(settings) = self.access_log_settings {
            // Empty settings switch the log off: that is how Terraform does it.
            let given = Some(settings).filter(|settings| !settings.is_empty());
            stage.access_log_settings = given.map(AccessLogSettings::checked).transpose()?;
        }
        if let Some(settings) = self.default_route_settings {
            stage.default_route_settings = settings.checked()?;
        }
        for (key, settings) in self.route_settings.unwrap_or_default() {
            let key: RouteKey = key.parse().map_err(|_| Error::RouteKeyFormat)?;
            stage.route_settings.insert(key.to_string(), settings.checked()?);
        }
        for (name, value) in self.stage_variables.unwrap_or_default() {
            set_variable(&mut stage.stage_variables, name, value)?;
        }
        Ok(())
    }
}

fn set_variable(variables: &mut BTreeMap<String, String>, name: String, value: String) -> Result<(), Error> {
    let plain = |b: u8, more: &[u8]| b.is_ascii_alphanumeric() || more.contains(&b);
    let named = !name.is_empty() && name.len() <= 64 && name.bytes().all(|b| plain(b, b"_"));
    if !named || value.len() > 2048 || !value.bytes().all(|b| plain(b, b"-._~:/?#&=,@%+;{}[] ")) {
        return Err(Error::StageVariable(name));
    }
    if value.is_empty() {
        variables.remove(&name);
    } else {
        variables.insert(name, value);
    }
    Ok(())
}

impl Stage {
    /// A new stage that serves nothing yet.
    pub fn new(cx: &Context, stage_name: String) -> Result<Stage, Error> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        if stage_name != "$default"
            && (stage_name.is_empty() || stage_name.len() > 128 || !stage_name.bytes().all(plain))
        {
            return Err(Error::StageName);
        }
        let now = whole_seconds(cx.clock().now());
        Ok(Stage {
            access_log_settings: None,
            api_gateway_managed: None,
            auto_deploy: false,
            created_date: now,
            default_route_settings: RouteSettings::default(),
            deployment_id: None,
            description: None,
            last_deployment_status_message: None,
            last_updated_date: now,
            route_settings: BTreeMap::new(),
            stage_name,
            stage_variables: BTreeMap::new(),
            tags: Tags::new(),
        })
    }

    /// The settings of a route.
    pub fn settings_of(&self, route_key: &str) -> RouteSettings {
        *self.route_settings.get(route_key).unwrap_or(&self.default_route_settings)
    }
}
