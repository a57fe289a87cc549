//! A deployment: what an API was at one moment, which a stage then serves however the API changes.

use super::api::whole_seconds;
use super::{Authorizer, Cors, Integration, Route, length};
use crate::Error;
use serde::{Deserialize, Serialize};
use tidegate_core::Context;
use tidegate_types::Timestamp;

/// A deployment of an API.
/// <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-deployments-deploymentid.html>
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Deployment {
    /// Whether a change of the API made it.
    pub auto_deployed: bool,
    /// When it was made.
    pub created_date: Timestamp,
    /// Six lower-case letters and digits.
    pub deployment_id: String,
    /// `DEPLOYED`.
    pub deployment_status: String,
    /// Free text.
    pub description: Option<String>,
}

impl Deployment {
    /// A new deployment.
    pub fn new(cx: &Context, auto_deployed: bool, description: Option<String>) -> Result<Deployment, Error> {
        length::description(description.as_ref())?;
        Ok(Deployment {
            auto_deployed,
            created_date: whole_seconds(cx.clock().now()),
            deployment_id: cx.ids().lower_alphanumeric(6),
            deployment_status: "DEPLOYED".to_owned(),
            description,
        })
    }
}

/// What a deployment serves.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Snapshot {
    /// The API's CORS configuration.
    pub cors: Option<Cors>,
    /// All routes.
    pub routes: Vec<Route>,
    /// All integrations.
    pub integrations: Vec<Integration>,
    /// All authorizers.
    pub authorizers: Vec<Authorizer>,
}
