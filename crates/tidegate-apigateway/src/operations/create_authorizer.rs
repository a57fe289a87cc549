//! `CreateAuthorizer`: adds an authorizer to an API.

use super::shared::{arn, with_pass_role};
use crate::apis::{Authorizer, AuthorizerSettings};
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};

/// The operation.
pub struct CreateAuthorizer;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    #[serde(flatten)]
    settings: AuthorizerSettings,
}

impl Operation for CreateAuthorizer {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Authorizer;
    type Error = Error;
    const NAME: &'static str = "CreateAuthorizer";
    const ACTION: &'static str = "apigateway:POST";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/authorizers", input.api_id))
    }

    fn checks(_gateway: &ApiGateway, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let own = Check::new(Self::ACTION, Self::resource(cx, input));
        Ok(with_pass_role(own, input.settings.authorizer_credentials_arn.as_deref()))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Authorizer, Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let authorizer = input.settings.create(change.cx().ids().lower_alphanumeric(6))?;
                change.check_authorizer(&authorizer)?;
                change.add(&authorizer)?;
                Ok(authorizer)
            })
            .await
    }
}
