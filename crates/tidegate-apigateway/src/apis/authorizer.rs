//! An authorizer as it is stored, which is also how `GetAuthorizer` shows it.

use super::integration::function_arn;
use super::length::within;
use crate::Error;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An authorizer of an API: a Lambda function that lets requests in or not.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Authorizer {
    /// The role that calls the function, instead of the function's own policy.
    pub authorizer_credentials_arn: Option<String>,
    /// Six lower-case letters and digits.
    pub authorizer_id: String,
    /// `1.0` or `2.0`.
    pub authorizer_payload_format_version: String,
    /// For how many seconds an answer counts; 0 for none.
    pub authorizer_result_ttl_in_seconds: u32,
    /// `REQUEST`.
    pub authorizer_type: String,
    /// The function's invoke ARN.
    pub authorizer_uri: String,
    /// Whether the function answers yes or no instead of a policy.
    pub enable_simple_responses: Option<bool>,
    /// What identifies the caller; all of it must be there.
    pub identity_source: Vec<String>,
    /// The name, unique in the API.
    pub name: String,
}

/// What `CreateAuthorizer` and `UpdateAuthorizer` both take.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AuthorizerSettings {
    /// The role that calls the function.
    pub authorizer_credentials_arn: Option<String>,
    authorizer_payload_format_version: Option<String>,
    authorizer_result_ttl_in_seconds: Option<u32>,
    authorizer_type: Option<String>,
    authorizer_uri: Option<String>,
    enable_simple_responses: Option<bool>,
    identity_source: Option<Vec<String>>,
    identity_validation_expression: Option<String>,
    jwt_configuration: Option<Value>,
    name: Option<String>,
}

impl AuthorizerSettings {
    /// A new authorizer, or why there cannot be such a one.
    pub fn create(self, authorizer_id: String) -> Result<Authorizer, Error> {
        let mut authorizer = Authorizer {
            authorizer_credentials_arn: None,
            authorizer_id,
            authorizer_payload_format_version: String::new(),
            authorizer_result_ttl_in_seconds: 0,
            authorizer_type: String::new(),
            authorizer_uri: String::new(),
            enable_simple_responses: None,
            identity_source: Vec::new(),
            name: String::new(),
        };
        self.apply(&mut authorizer)?;
        Ok(authorizer)
    }

    /// Puts what was given onto an authorizer.
    pub fn apply(self, to: &mut Authorizer) -> Result<(), Error> {
        let kind = self.authorizer_type.unwrap_or(std::mem::take(&mut to.authorizer_type));
        if kind == "JWT" || self.jwt_configuration.is_some() {
            return Err(Error::NotImplemented("authorizerType JWT"));
        }
        if self.identity_validation_expression.is_some_and(|e| !e.is_empty()) {
            return Err(Error::NotForHttp("identityValidationExpression"));
        }
        within(self.name.as_ref(), "name", 1, 128)?;
        to.authorizer_type = kind;
        to.authorizer_credentials_arn = self.authorizer_credentials_arn.or(to.authorizer_credentials_arn.take());
        if let Some(version) = self.authorizer_payload_format_version {
            to.authorizer_payload_format_version = version;
        }
        to.authorizer_result_ttl_in_seconds =
            self.authorizer_result_ttl_in_seconds.unwrap_or(to.authorizer_result_ttl_in_seconds);
        to.authorizer_uri = self.authorizer_uri.unwrap_or(std::mem::take(&mut to.authorizer_uri));
        to.enable_simple_responses = self.enable_simple_responses.or(to.enable_simple_responses);
        to.identity_source = self.identity_source.unwrap_or(std::mem::take(&mut to.identity_source));
        to.name = self.name.unwrap_or(std::mem::take(&mut to.name));
        to.check()
    }
}

impl Authorizer {
    fn check(&self) -> Result<(), Error> {
        if self.authorizer_type != "REQUEST" {
            return Err(Error::AuthorizerType);
        }
        if function_arn(&self.authorizer_uri).is_none() {
            return Err(Error::AuthorizerUri);
        }
        match (self.authorizer_payload_format_version.as_str(), self.enable_simple_responses) {
            ("2.0", _) | ("1.0", None | Some(false)) => {}
            ("1.0", _) => return Err(Error::SimpleResponses),
            _ => return Err(Error::AuthorizerPayloadFormatVersion),
        }
        if self.authorizer_result_ttl_in_seconds > 0 && self.identity_source.is_empty() {
            return Err(Error::CacheWithoutIdentity);
        }
        let bad = self.identity_source.iter().find(|s| IdentitySource::parse(s).is_none());
        bad.map_or(Ok(()), |source| Err(Error::IdentitySource(source.clone())))
    }
}

/// One thing that identifies a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentitySource {
    /// `$request.header.NAME`.
    Header(http::HeaderName),
    /// `$request.querystring.NAME`.
    Query(String),
    /// `$context.NAME`.
    Context(String),
    /// `$stageVariables.NAME`.
    StageVariable(String),
}

impl IdentitySource {
    /// Reads a selection expression.
    pub fn parse(text: &str) -> Option<IdentitySource> {
        let named = |prefix: &str| text.strip_prefix(prefix).filter(|name| !name.is_empty());
        if let Some(name) = named("$request.header.") {
            return name.to_ascii_lowercase().parse().ok().map(IdentitySource::Header);
        }
        let query = named("$request.querystring.").map(|name| IdentitySource::Query(name.to_owned()));
        let context = || named("$context.").map(|name| IdentitySource::Context(name.to_owned()));
        let variable = || named("$stageVariables.").map(|name| IdentitySource::StageVariable(name.to_owned()));
        query.or_else(context).or_else(variable)
    }
}
