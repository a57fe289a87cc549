//! `DeleteAuthorizer`: removes an authorizer of an API.

use super::shared::PartInput;
use crate::apis::{Authorizer, Route};
use crate::{ApiGateway, Error};
use tidegate_core::{Context, Operation};

/// The operation.
pub struct DeleteAuthorizer;

impl Operation for DeleteAuthorizer {
    type Service = ApiGateway;
    type Input = PartInput;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "DeleteAuthorizer";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &PartInput) -> String {
        input.arn::<Authorizer>(cx)
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: PartInput) -> Result<(), Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let routes: Vec<Route> = change.look().parts()?;
                change.look().part::<Authorizer>(&input.id)?;
                if routes.iter().any(|route| route.authorizer_id.as_deref() == Some(&input.id)) {
                    return Err(Error::AuthorizerInUse);
                }
                change.remove::<Authorizer>(&input.id)
            })
            .await
    }
}
