//! `DeleteDeployment`: removes a deployment that no stage serves.

use super::shared::PartInput;
use crate::apis::{Deployment, Stage};
use crate::{ApiGateway, Error};
use tidegate_core::{Context, Operation};

/// The operation.
pub struct DeleteDeployment;

impl Operation for DeleteDeployment {
    type Service = ApiGateway;
    type Input = PartInput;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "DeleteDeployment";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &PartInput) -> String {
        input.arn::<Deployment>(cx)
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: PartInput) -> Result<(), Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let stages: Vec<Stage> = change.look().parts()?;
                change.look().part::<Deployment>(&input.id)?;
                if stages.iter().any(|stage| stage.deployment_id.as_deref() == Some(&input.id)) {
                    return Err(Error::DeploymentInUse);
                }
                change.remove_deployment(&input.id)
            })
            .await
    }
}
