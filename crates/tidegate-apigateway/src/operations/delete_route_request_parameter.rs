//! `DeleteRouteRequestParameter`: removes a request parameter of a route; routes of HTTP APIs have none.

use super::shared::arn;
use crate::apis::Route;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct DeleteRouteRequestParameter;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    route_id: String,
    request_parameter_key: String,
}

impl Operation for DeleteRouteRequestParameter {
    type Service = ApiGateway;
    type Input = Input;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "DeleteRouteRequestParameter";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(
            cx,
            format_args!(
                "/apis/{}/routes/{}/requestparameters/{}",
                input.api_id, input.route_id, input.request_parameter_key
            ),
        )
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<(), Error> {
        gateway.read(cx, &input.api_id, |api| api.part::<Route>(&input.route_id))?;
        Err(Error::NoSuchEntry("request parameter key"))
    }
}
