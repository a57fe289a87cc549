//! `GetAuthorizer`: an authorizer of an API.

use super::arn;
use crate::apis::Authorizer;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct GetAuthorizer;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    authorizer_id: String,
}

impl Operation for GetAuthorizer {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Authorizer;
    type Error = Error;
    const NAME: &'static str = "GetAuthorizer";
    const ACTION: &'static str = "apigateway:GET";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/authorizers/{}", input.api_id, input.authorizer_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Authorizer, Error> {
        gateway.read(cx, &input.api_id, |api| api.part(&input.authorizer_id))
    }
}
