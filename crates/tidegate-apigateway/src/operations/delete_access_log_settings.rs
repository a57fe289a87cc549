//! `DeleteAccessLogSettings`: switches the access log of a stage off.

use super::shared::arn;
use crate::apis::Stage;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct DeleteAccessLogSettings;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    stage_name: String,
}

impl Operation for DeleteAccessLogSettings {
    type Service = ApiGateway;
    type Input = Input;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "DeleteAccessLogSettings";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/stages/{}/accesslogsettings", input.api_id, input.stage_name))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<(), Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let mut stage: Stage = change.look().part(&input.stage_name)?;
                stage.access_log_settings = None;
                change.put_stage(&mut stage)
            })
            .await
    }
}
