//! `DeleteCorsConfiguration`: takes the CORS configuration off an API.

use super::shared::arn;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct DeleteCorsConfiguration;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
}

impl Operation for DeleteCorsConfiguration {
    type Service = ApiGateway;
    type Input = Input;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "DeleteCorsConfiguration";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/cors", input.api_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<(), Error> {
        gateway
            .change(cx, &input.api_id, |change| {
                let mut api = change.look().api()?;
                api.cors_configuration = None;
                change.put_api(&api, true)
            })
            .await
    }
}
