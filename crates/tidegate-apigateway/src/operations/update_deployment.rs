//! `UpdateDeployment`: changes the description of a deployment.

use super::shared::arn;
use crate::apis::{Deployment, description};
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct UpdateDeployment;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    deployment_id: String,
    description: Option<String>,
}

impl Operation for UpdateDeployment {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Deployment;
    type Error = Error;
    const NAME: &'static str = "UpdateDeployment";
    const ACTION: &'static str = "apigateway:PATCH";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/deployments/{}", input.api_id, input.deployment_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Deployment, Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let mut deployment: Deployment = change.look().part(&input.deployment_id)?;
                description(input.description.as_ref())?;
                deployment.description = input.description.or(deployment.description);
                change.put(&deployment)?;
                Ok(deployment)
            })
            .await
    }
}
