//! `DeleteStage`: removes a stage of an API.

use super::shared::PartInput;
use crate::apis::Stage;
use crate::tables::Part;
use crate::{ApiGateway, Error};
use tidegate_core::{Context, Operation};

/// The operation.
pub struct DeleteStage;

impl Operation for DeleteStage {
    type Service = ApiGateway;
    type Input = PartInput;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "DeleteStage";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &PartInput) -> String {
        input.arn::<Stage>(cx)
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: PartInput) -> Result<(), Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let stage: Stage = change.look().part(&input.id)?;
                if stage.api_gateway_managed == Some(true) {
                    return Err(Error::Managed(Stage::KIND));
                }
                change.remove::<Stage>(&input.id)
            })
            .await
    }
}
