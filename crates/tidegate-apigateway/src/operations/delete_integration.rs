//! `DeleteIntegration`: removes an integration of an API.

use super::shared::arn;
use crate::apis::{Integration, Route};
use crate::tables::Part;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct DeleteIntegration;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    integration_id: String,
}

impl Operation for DeleteIntegration {
    type Service = ApiGateway;
    type Input = Input;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "DeleteIntegration";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/integrations/{}", input.api_id, input.integration_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<(), Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let routes: Vec<Route> = change.look().parts()?;
                let found: Integration = change.look().part(&input.integration_id)?;
                if found.api_gateway_managed == Some(true) {
                    return Err(Error::Managed(Integration::KIND));
                }
                if routes.iter().any(|route| route.integration_id() == Some(&input.integration_id)) {
                    return Err(Error::IntegrationInUse);
                }
                change.remove::<Integration>(&input.integration_id)
            })
            .await
    }
}
