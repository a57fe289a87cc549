//! `LoggingConfig`: where a function's lines go, how they look, which are written.
//! <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html>

use crate::Error;
use serde::{Deserialize, Serialize};

/// As stored, and as answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LoggingConfig {
    /// `Text` or `JSON`.
    pub log_format: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_log_level: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_log_level: Option<String>,
    pub log_group: String,
}

/// As a client sends it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LoggingChange {
    log_format: Option<String>,
    application_log_level: Option<String>,
    system_log_level: Option<String>,
    log_group: Option<String>,
}

impl LoggingConfig {
    /// What a function has that says nothing.
    pub fn of_function(name: &str) -> LoggingConfig {
        let log_group = format!("/aws/lambda/{name}");
        LoggingConfig { log_format: "Text".into(), application_log_level: None, system_log_level: None, log_group }
    }

    /// The configuration after a change. Levels go with JSON only: they start as INFO, and go with the format.
    pub(super) fn with(self, change: LoggingChange) -> Result<LoggingConfig, Error> {
        let log_format = change.log_format.unwrap_or(self.log_format);
        let log_group = change.log_group.unwrap_or(self.log_group);
        let asked = change.application_log_level.is_some() || change.system_log_level.is_some();
        if log_format != "JSON" {
            let text = LoggingConfig { log_format, application_log_level: None, system_log_level: None, log_group };
            return if asked { Err(Error::LevelsNeedJson) } else { Ok(text) };
        }
        let level = |new: Option<String>, old: Option<String>| new.or(old).or_else(|| Some("INFO".into()));
        Ok(LoggingConfig {
            log_format,
            application_log_level: level(change.application_log_level, self.application_log_level),
            system_log_level: level(change.system_log_level, self.system_log_level),
            log_group,
        })
    }
}
