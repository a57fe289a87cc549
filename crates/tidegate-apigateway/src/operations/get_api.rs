//! `GetApi`: an API.

use super::shared::arn;
use crate::apis::Api;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct GetApi;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
}

impl Operation for GetApi {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Api;
    type Error = Error;
    const NAME: &'static str = "GetApi";
    const ACTION: &'static str = "apigateway:GET";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}", input.api_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Api, Error> {
        gateway.read(cx, &input.api_id, |api| api.api())
    }
}
