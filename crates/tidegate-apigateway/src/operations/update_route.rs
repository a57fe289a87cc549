//! `UpdateRoute`: changes a route of an API.

use super::shared::arn;
use crate::apis::{Route, RouteMembers};
use crate::tables::Part;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct UpdateRoute;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    route_id: String,
    #[serde(flatten)]
    settings: RouteMembers,
}

impl Operation for UpdateRoute {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Route;
    type Error = Error;
    const NAME: &'static str = "UpdateRoute";
    const ACTION: &'static str = "apigateway:PATCH";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/routes/{}", input.api_id, input.route_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Route, Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let mut route: Route = change.look().part(&input.route_id)?;
                let before = route.route_key.clone();
                input.settings.apply(&mut route)?;
                if route.api_gateway_managed == Some(true) && route.route_key != before {
                    return Err(Error::Managed(Route::KIND));
                }
                change.check_route(&route)?;
                change.put(&route)?;
                Ok(route)
            })
            .await
    }
}
