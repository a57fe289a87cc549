//! `UpdateApi`: changes an API, and what quick create made of it.

use super::shared::{arn, with_pass_role};
use crate::apis::{Api, ApiSettings};
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};

/// The operation.
pub struct UpdateApi;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    #[serde(flatten)]
    settings: ApiSettings,
}

impl Operation for UpdateApi {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Api;
    type Error = Error;
    const NAME: &'static str = "UpdateApi";
    const ACTION: &'static str = "apigateway:PATCH";
    const NOT_HONORED: &'static [(&'static str, &'static str)] = &[
        ("ApiKeySelectionExpression", "HTTP APIs have no keys; kept and shown"),
        ("IpAddressType", "clients reach one local port; kept and shown"),
    ];

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}", input.api_id))
    }

    fn checks(_gateway: &ApiGateway, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let own = Check::new(Self::ACTION, Self::resource(cx, input));
        Ok(with_pass_role(own, input.settings.credentials_arn.as_deref()))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Api, Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let mut api = change.look().api()?;
                let quick = input.settings.apply(&mut api)?;
                if let Some(quick) = quick {
                    quick.update(change)?;
                }
                change.put_api(&api, true)?;
                Ok(api)
            })
            .await
    }
}
