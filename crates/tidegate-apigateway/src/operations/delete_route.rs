//! `DeleteRoute`: removes a route of an API.

use super::shared::PartInput;
use crate::apis::Route;
use crate::{ApiGateway, Error};
use tidegate_core::{Context, Operation};

/// The operation.
pub struct DeleteRoute;

impl Operation for DeleteRoute {
    type Service = ApiGateway;
    type Input = PartInput;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "DeleteRoute";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &PartInput) -> String {
        input.arn::<Route>(cx)
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: PartInput) -> Result<(), Error> {
        gateway.change(cx, &input.api_id, move |change| change.remove::<Route>(&input.id)).await
    }
}
