//! `DeleteIntegration`: removes an integration of an API.

use super::shared::PartInput;
use crate::apis::{Integration, Route};
use crate::tables::Part;
use crate::{ApiGateway, Error};
use tidegate_core::{Context, Operation};

/// The operation.
pub struct DeleteIntegration;

impl Operation for DeleteIntegration {
    type Service = ApiGateway;
    type Input = PartInput;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "DeleteIntegration";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &PartInput) -> String {
        input.arn::<Integration>(cx)
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: PartInput) -> Result<(), Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let routes: Vec<Route> = change.look().parts()?;
                let found: Integration = change.look().part(&input.id)?;
                if found.api_gateway_managed == Some(true) {
                    return Err(Error::Managed(Integration::KIND));
                }
                if routes.iter().any(|route| route.integration_id() == Some(&input.id)) {
                    return Err(Error::IntegrationInUse);
                }
                change.remove::<Integration>(&input.id)
            })
            .await
    }
}
