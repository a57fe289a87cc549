//! An integration as it is stored, which is also how `GetIntegration` shows it.

use super::length::{description, within};
use super::{Rule, Side};
use crate::Error;
use crate::limits::INTEGRATION_TIMEOUT_MS;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What kind of thing stands behind a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum IntegrationType {
    /// A Lambda function, called with the whole request.
    #[serde(rename = "AWS_PROXY")]
    AwsProxy,
    /// A web server.
    #[serde(rename = "HTTP_PROXY")]
    HttpProxy,
    /// For WebSocket APIs.
    #[serde(rename = "AWS")]
    Aws,
    /// For WebSocket APIs.
    #[serde(rename = "HTTP")]
    Http,
    /// For WebSocket APIs.
    #[serde(rename = "MOCK")]
    Mock,
}

/// Names and values of a parameter mapping.
pub type Parameters = BTreeMap<String, String>;

/// An integration of an API.
/// <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations-integrationid.html>
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Integration {
    /// Whether quick create made it.
    pub api_gateway_managed: Option<bool>,
    /// `INTERNET`.
    pub connection_type: String,
    /// The role that calls the function, instead of the function's own policy.
    pub credentials_arn: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Seven lower-case letters and digits.
    pub integration_id: String,
    /// The method of the call; for functions `POST`.
    pub integration_method: Option<String>,
    /// What it is.
    pub integration_type: IntegrationType,
    /// The function's ARN or invoke ARN, or the web server's URL.
    pub integration_uri: Option<String>,
    /// `1.0` or `2.0`.
    pub payload_format_version: String,
    /// Changes of the request on its way.
    pub request_parameters: Option<Parameters>,
    /// Changes of the answer by status.
    pub response_parameters: Option<BTreeMap<String, Parameters>>,
    /// How long it may take, 50 to 30,000 ms.
    pub timeout_in_millis: u32,
}

/// What `CreateIntegration` and `UpdateIntegration` both take.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct IntegrationSettings {
    connection_id: Option<String>,
    connection_type: Option<String>,
    content_handling_strategy: Option<String>,
    /// The role that calls the function.
    pub credentials_arn: Option<String>,
    description: Option<String>,
    integration_method: Option<String>,
    integration_subtype: Option<String>,
    /// What it is.
    pub integration_type: Option<IntegrationType>,
    /// The function or web server.
    pub integration_uri: Option<String>,
    /// `1.0` or `2.0`.
    pub payload_format_version: Option<String>,
    request_parameters: Option<Parameters>,
    request_templates: Option<BTreeMap<String, String>>,
    response_parameters: Option<BTreeMap<String, Parameters>>,
    template_selection_expression: Option<String>,
    timeout_in_millis: Option<u32>,
    tls_config: Option<Value>,
}

impl IntegrationSettings {
    /// What quick create asks for: a function by its ARN, or a web server by its URL.
    pub fn quick(target: String, credentials_arn: Option<String>) -> IntegrationSettings {
        let function = target.starts_with("arn:");
        let (kind, version) =
            if function { (IntegrationType::AwsProxy, "2.0") } else { (IntegrationType::HttpProxy, "1.0") };
        IntegrationSettings {
            credentials_arn,
            integration_method: (!function).then(|| "ANY".to_owned()),
            integration_type: Some(kind),
            integration_uri: Some(target),
            payload_format_version: Some(version.to_owned()),
            ..IntegrationSettings::default()
        }
    }

    /// A new integration, or why there cannot be such a one.
    pub fn create(self, integration_id: String) -> Result<Integration, Error> {
        let mut integration = Integration {
            api_gateway_managed: None,
            connection_type: "INTERNET".to_owned(),
            credentials_arn: None,
            description: None,
            integration_id,
            integration_method: None,
            integration_type: self.integration_type.unwrap_or(IntegrationType::AwsProxy),
            integration_uri: None,
            payload_format_version: String::new(),
            request_parameters: None,
            response_parameters: None,
            timeout_in_millis: INTEGRATION_TIMEOUT_MS,
        };
        self.apply(&mut integration)?;
        Ok(integration)
    }

    /// Puts what was given onto an integration.
    pub fn apply(self, to: &mut Integration) -> Result<(), Error> {
        self.only_what_there_is()?;
        description(self.description.as_ref())?;
        within(self.integration_uri.as_ref(), "integrationUri", 1, 2048)?;
        to.integration_type = self.integration_type.unwrap_or(to.integration_type);
        to.credentials_arn = self.credentials_arn.or(to.credentials_arn.take()).filter(|arn| !arn.is_empty());
        to.description = self.description.or(to.description.take());
        to.integration_method = self.integration_method.or(to.integration_method.take());
        to.integration_uri = self.integration_uri.or(to.integration_uri.take());
        to.payload_format_version =
            self.payload_format_version.unwrap_or(std::mem::take(&mut to.payload_format_version));
        to.timeout_in_millis = self.timeout_in_millis.unwrap_or(to.timeout_in_millis);
        merge_parameters(&mut to.request_parameters, self.request_parameters);
        merge_responses(&mut to.response_parameters, self.response_parameters);
        to.check()
    }

    /// Refuses what would change an answer and is not offered, naming it, and what HTTP APIs do not know.
    fn only_what_there_is(&self) -> Result<(), Error> {
        let filled = |map: Option<usize>| map.is_some_and(|len| len > 0);
        let missing = [
            (self.integration_subtype.is_some(), "integrationSubtype"),
            (
                self.connection_type.as_deref() == Some("VPC_LINK") || self.connection_id.is_some(),
                "connectionType VPC_LINK",
            ),
            (self.tls_config.is_some(), "tlsConfig"),
        ];
        if let Some((_, name)) = missing.iter().find(|(given, _)| *given) {
            return Err(Error::NotImplemented(name));
        }
        let refused = [
            (self.content_handling_strategy.is_some(), "contentHandlingStrategy"),
            (filled(self.request_templates.as_ref().map(BTreeMap::len)), "requestTemplates"),
            (self.template_selection_expression.is_some(), "templateSelectionExpression"),
        ];
        match refused.iter().find(|(given, _)| *given) {
            Some((_, name)) => Err(Error::NotForHttp(name)),
            None => Ok(()),
        }
    }
}

/// What is given joins what is there; an empty value takes a parameter away.
fn merge_parameters(to: &mut Option<Parameters>, from: Option<Parameters>) {
    let Some(from) = from else { return };
    let all = to.get_or_insert_default();
    all.extend(from);
    all.retain(|_, value| !value.is_empty());
    if all.is_empty() {
        *to = None;
    }
}

/// The same by status; a status without parameters goes.
fn merge_responses(to: &mut Option<BTreeMap<String, Parameters>>, from: Option<BTreeMap<String, Parameters>>) {
    let Some(from) = from else { return };
    let all = to.get_or_insert_default();
    all.extend(from);
    all.retain(|_, parameters| !parameters.is_empty());
    if all.is_empty() {
        *to = None;
    }
}

impl Integration {
    /// Whether it makes sense as a whole.
    fn check(&mut self) -> Result<(), Error> {
        if !(50..=INTEGRATION_TIMEOUT_MS).contains(&self.timeout_in_millis) {
            return Err(Error::IntegrationTimeout);
        }
        self.check_mappings()?;
        match self.integration_type {
            IntegrationType::AwsProxy => self.check_function(),
            IntegrationType::HttpProxy => Err(Error::NotImplemented("integrationType HTTP_PROXY")),
            IntegrationType::Aws | IntegrationType::Http | IntegrationType::Mock => Err(Error::OnlyProxyIntegrations),
        }
    }

    fn check_mappings(&self) -> Result<(), Error> {
        if let Some(parameters) = &self.request_parameters {
            Rule::read(parameters, Side::Request)?;
        }
        for (status, parameters) in self.response_parameters.iter().flatten() {
            if !status.parse().is_ok_and(|status: u16| (200..=599).contains(&status)) {
                return Err(Error::ParameterMapping(status.clone()));
            }
            Rule::read(parameters, Side::Response)?;
        }
        Ok(())
    }

    fn check_function(&mut self) -> Result<(), Error> {
        let uri = self.integration_uri.as_deref().unwrap_or_default();
        // With a stage variable the ARN is only known when the stage is.
        if !uri.contains("${stageVariables.") && function_arn(uri).is_none() {
            return Err(Error::IntegrationArn);
        }
        if !["1.0", "2.0"].contains(&self.payload_format_version.as_str()) {
            return Err(Error::PayloadFormatVersion);
        }
        self.integration_method = Some("POST".to_owned());
        Ok(())
    }
}

/// The function's ARN out of an integration's URI: the ARN itself, or the invoke ARN
/// `arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations`.
pub fn function_arn(uri: &str) -> Option<&str> {
    let arn = match uri.split_once("/functions/") {
        Some((start, rest)) if start.starts_with("arn:") && start.contains(":lambda:path/") => {
            rest.strip_suffix("/invocations")?
        }
        Some(_) => return None,
        None => uri,
    };
    let mut parts = arn.splitn(7, ':');
    let head = (parts.next()?, parts.next()?, parts.next()?);
    let (_region, _account) = (parts.next()?, parts.next()?);
    let (kind, name) = (parts.next()?, parts.next()?);
    (head.0 == "arn" && head.2 == "lambda" && kind == "function" && !name.is_empty()).then_some(arn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_function() {
        let arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
        let invoke = format!("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}:live/invocations");
        assert_eq!(function_arn(arn), Some(arn));
        assert_eq!(function_arn(&invoke), Some(format!("{arn}:live").as_str()));
        for bad in [
            "",
            "f",
            "https://example.com/functions/x/invocations",
            "arn:aws:sqs:us-east-1:1:q",
            "arn:aws:lambda:us-east-1:1:layer:x",
            "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions//invocations",
        ] {
            assert_eq!(function_arn(bad), None, "{bad}");
        }
    }
}
