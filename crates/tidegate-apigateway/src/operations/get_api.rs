//! `GetApi`: an API.

use super::shared::{ApiInput, arn};
use crate::apis::Api;
use crate::{ApiGateway, Error};
use tidegate_core::{Context, Operation};

/// The operation.
pub struct GetApi;

impl Operation for GetApi {
    type Service = ApiGateway;
    type Input = ApiInput;
    type Output = Api;
    type Error = Error;
    const NAME: &'static str = "GetApi";
    const ACTION: &'static str = "apigateway:GET";

    fn resource(cx: &Context, input: &ApiInput) -> String {
        arn(cx, format_args!("/apis/{}", input.api_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: ApiInput) -> Result<Api, Error> {
        gateway.read(cx, &input.api_id, |api| api.api())
    }
}
