//! `CreateApi`: makes an API; with a target, one that answers at once ("quick create").

use super::shared::{arn, with_pass_role};
use crate::apis::{Api, ApiSettings, checked_tags};
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_types::Tags;

/// The operation.
pub struct CreateApi;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    protocol_type: String,
    #[serde(flatten)]
    settings: ApiSettings,
    tags: Option<Tags>,
}

impl Operation for CreateApi {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Api;
    type Error = Error;
    const NAME: &'static str = "CreateApi";
    const ACTION: &'static str = "apigateway:POST";
    const NOT_HONORED: &'static [(&'static str, &'static str)] = &[
        ("ApiKeySelectionExpression", "HTTP APIs have no keys; kept and shown"),
        ("IpAddressType", "clients reach one local port; kept and shown"),
    ];

    fn resource(cx: &Context, _input: &Input) -> String {
        arn(cx, "/apis")
    }

    fn checks(_gateway: &ApiGateway, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let own = Check::new(Self::ACTION, Self::resource(cx, input));
        Ok(with_pass_role(own, input.settings.credentials_arn.as_deref()))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Api, Error> {
        if input.protocol_type != "HTTP" {
            return Err(Error::NotImplemented("protocolType WEBSOCKET"));
        }
        let tags = checked_tags(input.tags.unwrap_or_default())?;
        let api_id = gateway.free_api_id(cx);
        let new = api_id.clone();
        gateway
            .change(cx, &api_id, move |change| {
                let mut api = Api::new(change.cx(), new);
                api.tags = tags;
                let quick = input.settings.apply(&mut api)?;
                change.add_api(&api)?;
                if let Some(quick) = quick {
                    quick.create(change)?;
                }
                Ok(api)
            })
            .await
    }
}
