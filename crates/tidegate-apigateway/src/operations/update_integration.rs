//! `UpdateIntegration`: changes an integration of an API.

use super::shared::{INTEGRATIONS_NOT_HONORED, arn, with_pass_role};
use crate::apis::{Integration, IntegrationSettings};
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};

/// The operation.
pub struct UpdateIntegration;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    integration_id: String,
    #[serde(flatten)]
    settings: IntegrationSettings,
}

impl Operation for UpdateIntegration {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Integration;
    type Error = Error;
    const NAME: &'static str = "UpdateIntegration";
    const ACTION: &'static str = "apigateway:PATCH";
    const NOT_HONORED: &'static [(&'static str, &'static str)] = INTEGRATIONS_NOT_HONORED;

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/integrations/{}", input.api_id, input.integration_id))
    }

    fn checks(_gateway: &ApiGateway, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let own = Check::new(Self::ACTION, Self::resource(cx, input));
        Ok(with_pass_role(own, input.settings.credentials_arn.as_deref()))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Integration, Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let mut integration: Integration = change.look().part(&input.integration_id)?;
                input.settings.apply(&mut integration)?;
                change.put(&integration)?;
                Ok(integration)
            })
            .await
    }
}
