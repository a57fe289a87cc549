//! `CreateDeployment`: makes a deployment of an API as it is now, and lets a stage serve it.

use super::shared::arn;
use crate::apis::{Deployment, Stage};
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct CreateDeployment;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    description: Option<String>,
    stage_name: Option<String>,
}

impl Operation for CreateDeployment {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Deployment;
    type Error = Error;
    const NAME: &'static str = "CreateDeployment";
    const ACTION: &'static str = "apigateway:POST";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/deployments", input.api_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Deployment, Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let stage = input.stage_name.map(|name| change.look().part::<Stage>(&name)).transpose()?;
                let deployment = change.deploy(false, input.description)?;
                if let Some(mut stage) = stage {
                    stage.deployment_id = Some(deployment.deployment_id.clone());
                    change.put_stage(&mut stage)?;
                }
                Ok(deployment)
            })
            .await
    }
}
