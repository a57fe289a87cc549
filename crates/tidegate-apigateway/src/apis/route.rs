//! A route as it is stored, which is also how `GetRoute` shows it.

use super::RouteKey;
use super::length::within;
use crate::Error;
use serde::{Deserialize, Serialize};

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum AuthorizationType {
    /// Anyone.
    #[default]
    #[serde(rename = "NONE")]
    None,
    /// Who signs with a key that IAM lets in.
    #[serde(rename = "AWS_IAM")]
    AwsIam,
    /// Whom a function lets in.
    #[serde(rename = "CUSTOM")]
    Custom,
    /// Who has a token of an issuer.
    #[serde(rename = "JWT")]
    Jwt,
}

/// A route of an API. <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes-routeid.html>
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Route {
    /// Whether quick create made it.
    pub api_gateway_managed: Option<bool>,
    /// Always false: HTTP APIs have no keys.
    pub api_key_required: bool,
    /// Scopes, one of which a token must have.
    pub authorization_scopes: Option<Vec<String>>,
    /// Who may call it.
    pub authorization_type: AuthorizationType,
    /// The authorizer that decides.
    pub authorizer_id: Option<String>,
    /// A name for generated clients; kept only.
    pub operation_name: Option<String>,
    /// Seven lower-case letters and digits.
    pub route_id: String,
    /// The route key.
    pub route_key: String,
    /// `integrations/ID`.
    pub target: Option<String>,
}

/// What `CreateRoute` and `UpdateRoute` both take.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RouteMembers {
    /// Only false is taken.
    pub api_key_required: Option<bool>,
    /// Scopes of a JWT authorizer.
    pub authorization_scopes: Option<Vec<String>>,
    /// Who may call it.
    pub authorization_type: Option<AuthorizationType>,
    /// The authorizer that decides.
    pub authorizer_id: Option<String>,
    /// For WebSocket APIs.
    pub model_selection_expression: Option<String>,
    /// A name for generated clients.
    pub operation_name: Option<String>,
    /// For WebSocket APIs.
    pub request_models: Option<std::collections::BTreeMap<String, String>>,
    /// For WebSocket APIs.
    pub request_parameters: Option<std::collections::BTreeMap<String, serde_json::Value>>,
    /// The route key.
    pub route_key: Option<String>,
    /// For WebSocket APIs.
    pub route_response_selection_expression: Option<String>,
    /// `integrations/ID`.
    pub target: Option<String>,
}

impl RouteMembers {
    /// Puts what was given onto a route.
    pub fn apply(self, route: &mut Route) -> Result<(), Error> {
        self.only_for_http()?;
        within(self.operation_name.as_ref(), "operationName", 1, 64)?;
        if let Some(key) = self.route_key {
            let parsed: RouteKey = key.parse().map_err(|_| Error::RouteKeyFormat)?;
            route.route_key = parsed.to_string();
        }
        if let Some(kind) = self.authorization_type {
            route.authorization_type = kind;
            if matches!(kind, AuthorizationType::None | AuthorizationType::AwsIam) {
                (route.authorizer_id, route.authorization_scopes) = (None, None);
            }
        }
        route.authorizer_id = given(self.authorizer_id).or(route.authorizer_id.take());
        route.authorization_scopes = self.authorization_scopes.or(route.authorization_scopes.take());
        route.operation_name = self.operation_name.or(route.operation_name.take());
        route.target = given(self.target).or(route.target.take());
        Ok(())
    }

    /// Refuses what only WebSocket APIs know.
    fn only_for_http(&self) -> Result<(), Error> {
        let refused = [
            (self.api_key_required == Some(true), "apiKeyRequired"),
            (given(self.model_selection_expression.clone()).is_some(), "modelSelectionExpression"),
            (self.request_models.as_ref().is_some_and(|m| !m.is_empty()), "requestModels"),
            (self.request_parameters.as_ref().is_some_and(|m| !m.is_empty()), "requestParameters"),
            (given(self.route_response_selection_expression.clone()).is_some(), "routeResponseSelectionExpression"),
        ];
        match refused.iter().find(|(given, _)| *given) {
            Some((_, name)) => Err(Error::NotForHttp(name)),
            None => Ok(()),
        }
    }
}

/// An empty text counts as none.
fn given(text: Option<String>) -> Option<String> {
    text.filter(|t| !t.is_empty())
}

impl Route {
    /// A route without a key or target yet.
    pub fn new(route_id: String) -> Route {
        Route {
            api_gateway_managed: None,
            api_key_required: false,
            authorization_scopes: None,
            authorization_type: AuthorizationType::None,
            authorizer_id: None,
            operation_name: None,
            route_id,
            route_key: String::new(),
            target: None,
        }
    }

    /// The id of the integration that the route leads to.
    pub fn integration_id(&self) -> Option<&str> {
        self.target.as_deref().and_then(|t| t.strip_prefix("integrations/"))
    }
}
