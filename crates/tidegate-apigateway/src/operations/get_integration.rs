//! `GetIntegration`: an integration of an API.

use super::arn;
use crate::apis::Integration;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct GetIntegration;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    integration_id: String,
}

impl Operation for GetIntegration {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Integration;
    type Error = Error;
    const NAME: &'static str = "GetIntegration";
    const ACTION: &'static str = "apigateway:GET";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/integrations/{}", input.api_id, input.integration_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Integration, Error> {
        gateway.read(cx, &input.api_id, |api| api.part(&input.integration_id))
    }
}
