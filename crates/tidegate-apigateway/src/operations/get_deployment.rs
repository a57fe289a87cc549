//! `GetDeployment`: a deployment of an API.

use super::arn;
use crate::apis::Deployment;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct GetDeployment;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    deployment_id: String,
}

impl Operation for GetDeployment {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Deployment;
    type Error = Error;
    const NAME: &'static str = "GetDeployment";
    const ACTION: &'static str = "apigateway:GET";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/deployments/{}", input.api_id, input.deployment_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Deployment, Error> {
        gateway.read(cx, &input.api_id, |api| api.part(&input.deployment_id))
    }
}
