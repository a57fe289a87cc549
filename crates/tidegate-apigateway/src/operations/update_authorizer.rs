//! `UpdateAuthorizer`: changes an authorizer of an API.

use super::shared::{arn, with_pass_role};
use crate::apis::{Authorizer, AuthorizerSettings};
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};

/// The operation.
pub struct UpdateAuthorizer;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    authorizer_id: String,
    #[serde(flatten)]
    settings: AuthorizerSettings,
}

impl Operation for UpdateAuthorizer {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Authorizer;
    type Error = Error;
    const NAME: &'static str = "UpdateAuthorizer";
    const ACTION: &'static str = "apigateway:PATCH";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/authorizers/{}", input.api_id, input.authorizer_id))
    }

    fn checks(_gateway: &ApiGateway, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let own = Check::new(Self::ACTION, Self::resource(cx, input));
        Ok(with_pass_role(own, input.settings.authorizer_credentials_arn.as_deref()))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Authorizer, Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let mut authorizer: Authorizer = change.look().part(&input.authorizer_id)?;
                input.settings.apply(&mut authorizer)?;
                change.check_authorizer(&authorizer)?;
                change.put(&authorizer)?;
                Ok(authorizer)
            })
            .await
    }
}
