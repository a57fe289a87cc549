//! `DeleteCorsConfiguration`: takes the CORS configuration off an API.

use super::shared::{ApiInput, arn};
use crate::{ApiGateway, Error};
use tidegate_core::{Context, Operation};

/// The operation.
pub struct DeleteCorsConfiguration;

impl Operation for DeleteCorsConfiguration {
    type Service = ApiGateway;
    type Input = ApiInput;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "DeleteCorsConfiguration";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &ApiInput) -> String {
        arn(cx, format_args!("/apis/{}/cors", input.api_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: ApiInput) -> Result<(), Error> {
        gateway
            .change(cx, &input.api_id, |change| {
                let mut api = change.look().api()?;
                api.cors_configuration = None;
                change.put_api(&api, true)
            })
            .await
    }
}
