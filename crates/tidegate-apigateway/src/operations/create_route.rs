//! `CreateRoute`: adds a route to an API.

use super::shared::arn;
use crate::apis::{Route, RouteMembers};
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct CreateRoute;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    #[serde(flatten)]
    settings: RouteMembers,
}

impl Operation for CreateRoute {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Route;
    type Error = Error;
    const NAME: &'static str = "CreateRoute";
    const ACTION: &'static str = "apigateway:POST";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/routes", input.api_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Route, Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let mut route = Route::new(change.cx().ids().lower_alphanumeric(7));
                input.settings.apply(&mut route)?;
                change.check_route(&route)?;
                change.add(&route)?;
                Ok(route)
            })
            .await
    }
}
