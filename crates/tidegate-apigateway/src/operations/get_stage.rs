//! `GetStage`: a stage of an API.

use super::arn;
use crate::apis::Stage;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct GetStage;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    stage_name: String,
}

impl Operation for GetStage {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Stage;
    type Error = Error;
    const NAME: &'static str = "GetStage";
    const ACTION: &'static str = "apigateway:GET";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/stages/{}", input.api_id, input.stage_name))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Stage, Error> {
        gateway.read(cx, &input.api_id, |api| api.part(&input.stage_name))
    }
}
