//! `ResetAuthorizersCache`: forgets what the authorizers of a stage have answered.

use super::shared::arn;
use crate::apis::Stage;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct ResetAuthorizersCache;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    stage_name: String,
}

impl Operation for ResetAuthorizersCache {
    type Service = ApiGateway;
    type Input = Input;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "ResetAuthorizersCache";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/stages/{}/cache/authorizers", input.api_id, input.stage_name))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<(), Error> {
        gateway.read(cx, &input.api_id, |api| api.part::<Stage>(&input.stage_name))?;
        gateway.forget_authorizers(&input.api_id, &input.stage_name);
        Ok(())
    }
}
