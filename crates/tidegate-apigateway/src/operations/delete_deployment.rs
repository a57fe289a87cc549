//! `DeleteDeployment`: removes a deployment that no stage serves.

use super::shared::arn;
use crate::apis::{Deployment, Stage};
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct DeleteDeployment;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    deployment_id: String,
}

impl Operation for DeleteDeployment {
    type Service = ApiGateway;
    type Input = Input;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "DeleteDeployment";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/deployments/{}", input.api_id, input.deployment_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<(), Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let stages: Vec<Stage> = change.look().parts()?;
                change.look().part::<Deployment>(&input.deployment_id)?;
                if stages.iter().any(|stage| stage.deployment_id.as_deref() == Some(&input.deployment_id)) {
                    return Err(Error::DeploymentInUse);
                }
                change.remove_deployment(&input.deployment_id)
            })
            .await
    }
}
