//! `GetRoute`: a route of an API.

use super::arn;
use crate::apis::Route;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct GetRoute;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    route_id: String,
}

impl Operation for GetRoute {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Route;
    type Error = Error;
    const NAME: &'static str = "GetRoute";
    const ACTION: &'static str = "apigateway:GET";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/routes/{}", input.api_id, input.route_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Route, Error> {
        gateway.read(cx, &input.api_id, |api| api.part(&input.route_id))
    }
}
