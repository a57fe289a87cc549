//! What several operations have in common: inputs, ARNs, and the permission to pass a role.

use crate::apis::{AuthorizerSettings, IntegrationSettings, RouteMembers, StageSettings};
use crate::tables::Part;
use serde::{Deserialize, de::DeserializeOwned};
use tidegate_core::{Check, Context};
use tidegate_types::Arn;

/// `arn:aws:apigateway:REGION::/PATH`, the resource of `apigateway:` actions.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html>
pub(super) fn arn(cx: &Context, path: impl std::fmt::Display) -> String {
    Arn::accountless("apigateway", &cx.region, path).to_string()
}

/// The operation's own check, and `iam:PassRole` for a role that it hands to API Gateway.
pub(super) fn with_pass_role(own: Check, role_arn: Option<&str>) -> Vec<Check> {
    let passed = role_arn.filter(|arn| !arn.is_empty() && !arn.ends_with(":user/*"));
    let pass = passed.map(|arn| Check::pass_role(arn, "apigateway.amazonaws.com"));
    std::iter::once(own).chain(pass).collect()
}

/// What operations on an API take.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ApiInput {
    pub(super) api_id: String,
}

/// What operations on one part of an API take.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PartInput {
    pub(super) api_id: String,
    #[serde(
        alias = "AuthorizerId",
        alias = "DeploymentId",
        alias = "IntegrationId",
        alias = "RouteId",
        alias = "StageName"
    )]
    pub(super) id: String,
}

impl PartInput {
    /// The part's ARN.
    pub(super) fn arn<P: Part>(&self, cx: &Context) -> String {
        arn(cx, format_args!("/apis/{}/{}/{}", self.api_id, P::KIND.plural(), self.id))
    }
}

/// What a request says of a part.
pub trait Settings: DeserializeOwned + Send + 'static {
    /// Members that the model knows and nothing comes of, with the reason.
    const NOT_HONORED: &'static [(&'static str, &'static str)] = &[];

    /// The role that it hands to API Gateway.
    fn role(&self) -> Option<&str> {
        None
    }
}

impl Settings for AuthorizerSettings {
    fn role(&self) -> Option<&str> {
        self.authorizer_credentials_arn.as_deref()
    }
}

impl Settings for IntegrationSettings {
    const NOT_HONORED: &'static [(&'static str, &'static str)] =
        &[("PassthroughBehavior", "only WebSocket APIs have it; Terraform sends it for HTTP APIs, too")];

    fn role(&self) -> Option<&str> {
        self.credentials_arn.as_deref()
    }
}

impl Settings for RouteMembers {}

impl Settings for StageSettings {
    const NOT_HONORED: &'static [(&'static str, &'static str)] = &[
        ("DefaultRouteSettings.DetailedMetricsEnabled", "there are no metrics by route yet; kept and shown"),
        ("RouteSettings.DetailedMetricsEnabled", "there are no metrics by route yet; kept and shown"),
    ];
}
