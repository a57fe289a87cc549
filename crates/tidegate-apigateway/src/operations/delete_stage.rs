//! `DeleteStage`: removes a stage of an API.

use super::shared::arn;
use crate::apis::Stage;
use crate::tables::Part;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct DeleteStage;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    stage_name: String,
}

impl Operation for DeleteStage {
    type Service = ApiGateway;
    type Input = Input;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "DeleteStage";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/stages/{}", input.api_id, input.stage_name))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<(), Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let stage: Stage = change.look().part(&input.stage_name)?;
                if stage.api_gateway_managed == Some(true) {
                    return Err(Error::Managed(Stage::KIND));
                }
                change.remove::<Stage>(&input.stage_name)
            })
            .await
    }
}
