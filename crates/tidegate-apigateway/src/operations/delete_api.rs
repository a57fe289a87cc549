//! `DeleteApi`: removes an API with all that it consists of.

use super::shared::{ApiInput, arn};
use crate::{ApiGateway, Error};
use tidegate_core::{Context, Operation};

/// The operation.
pub struct DeleteApi;

impl Operation for DeleteApi {
    type Service = ApiGateway;
    type Input = ApiInput;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "DeleteApi";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &ApiInput) -> String {
        arn(cx, format_args!("/apis/{}", input.api_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: ApiInput) -> Result<(), Error> {
        gateway.change(cx, &input.api_id, |api| api.remove_all()).await
    }
}
