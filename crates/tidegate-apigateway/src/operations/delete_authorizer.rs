//! `DeleteAuthorizer`: removes an authorizer of an API.

use super::shared::arn;
use crate::apis::{Authorizer, Route};
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct DeleteAuthorizer;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    authorizer_id: String,
}

impl Operation for DeleteAuthorizer {
    type Service = ApiGateway;
    type Input = Input;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "DeleteAuthorizer";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/authorizers/{}", input.api_id, input.authorizer_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<(), Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let routes: Vec<Route> = change.look().parts()?;
                change.look().part::<Authorizer>(&input.authorizer_id)?;
                if routes.iter().any(|route| route.authorizer_id.as_deref() == Some(&input.authorizer_id)) {
                    return Err(Error::AuthorizerInUse);
                }
                change.remove::<Authorizer>(&input.authorizer_id)
            })
            .await
    }
}
