//! `DeleteRouteSettings`: removes the settings that a stage has for one route.

use super::shared::arn;
use crate::apis::Stage;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct DeleteRouteSettings;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    stage_name: String,
    route_key: String,
}

impl Operation for DeleteRouteSettings {
    type Service = ApiGateway;
    type Input = Input;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "DeleteRouteSettings";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/stages/{}/routesettings/{}", input.api_id, input.stage_name, input.route_key))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<(), Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let mut stage: Stage = change.look().part(&input.stage_name)?;
                stage.route_settings.remove(&input.route_key).ok_or(Error::NoSuchEntry("route key"))?;
                change.put_stage(&mut stage)
            })
            .await
    }
}
