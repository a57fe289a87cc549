//! `CreateStage`: adds a stage to an API.

use super::shared::{STAGES_NOT_HONORED, arn};
use crate::apis::{Stage, StageSettings, checked_tags};
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};
use tidegate_types::Tags;

/// The operation.
pub struct CreateStage;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    stage_name: String,
    #[serde(flatten)]
    settings: StageSettings,
    tags: Option<Tags>,
}

impl Operation for CreateStage {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Stage;
    type Error = Error;
    const NAME: &'static str = "CreateStage";
    const ACTION: &'static str = "apigateway:POST";
    const NOT_HONORED: &'static [(&'static str, &'static str)] = STAGES_NOT_HONORED;

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/stages", input.api_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Stage, Error> {
        let groups = gateway.log_groups();
        gateway
            .change(cx, &input.api_id, move |change| {
                let mut stage = Stage::new(change.cx(), input.stage_name)?;
                if change.look().find::<Stage>(&stage.stage_name)?.is_some() {
                    return Err(Error::StageExists);
                }
                input.settings.apply(&mut stage)?;
                stage.tags = checked_tags(input.tags.unwrap_or_default())?;
                change.check_stage(&stage, &*groups)?;
                change.add(&stage)?;
                if stage.auto_deploy {
                    change.deploy_to(&mut stage)?;
                }
                Ok(stage)
            })
            .await
    }
}
