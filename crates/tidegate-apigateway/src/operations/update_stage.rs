//! `UpdateStage`: changes a stage of an API.

use super::shared::{STAGES_NOT_HONORED, arn};
use crate::apis::{Stage, StageSettings};
use crate::tables::Part;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct UpdateStage;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    stage_name: String,
    #[serde(flatten)]
    settings: StageSettings,
}

impl Operation for UpdateStage {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Stage;
    type Error = Error;
    const NAME: &'static str = "UpdateStage";
    const ACTION: &'static str = "apigateway:PATCH";
    const NOT_HONORED: &'static [(&'static str, &'static str)] = STAGES_NOT_HONORED;

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/stages/{}", input.api_id, input.stage_name))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Stage, Error> {
        let groups = gateway.log_groups();
        gateway
            .change(cx, &input.api_id, move |change| {
                let mut stage: Stage = change.look().part(&input.stage_name)?;
                if stage.api_gateway_managed == Some(true) {
                    return Err(Error::Managed(Stage::KIND));
                }
                let before = stage.auto_deploy;
                input.settings.apply(&mut stage)?;
                change.check_stage(&stage, &*groups)?;
                change.put_stage(&mut stage)?;
                if stage.auto_deploy && !before {
                    change.deploy_to(&mut stage)?;
                }
                Ok(stage)
            })
            .await
    }
}
