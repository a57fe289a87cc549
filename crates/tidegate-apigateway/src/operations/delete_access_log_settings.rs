//! `DeleteAccessLogSettings`: switches the access log of a stage off.

use super::shared::PartInput;
use crate::apis::Stage;
use crate::{ApiGateway, Error};
use tidegate_core::{Context, Operation};

/// The operation.
pub struct DeleteAccessLogSettings;

impl Operation for DeleteAccessLogSettings {
    type Service = ApiGateway;
    type Input = PartInput;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "DeleteAccessLogSettings";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &PartInput) -> String {
        input.arn::<Stage>(cx) + "/accesslogsettings"
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: PartInput) -> Result<(), Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let mut stage: Stage = change.look().part(&input.id)?;
                stage.access_log_settings = None;
                change.put_stage(&mut stage)
            })
            .await
    }
}
