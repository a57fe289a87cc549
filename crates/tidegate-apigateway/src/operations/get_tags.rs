//! `GetTags`: the tags of an API or a stage.

use super::shared::arn;
use crate::apis::{Stage, Taggable};
use crate::{ApiGateway, Error};
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};
use tidegate_types::Tags;

/// The operation.
pub struct GetTags;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: String,
}

/// What it gives.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    tags: Tags,
}

impl Operation for GetTags {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetTags";
    const ACTION: &'static str = "apigateway:GET";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/tags/{}", input.resource_arn))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Output, Error> {
        let target = Taggable::parse(&input.resource_arn)?;
        let tags = gateway.read(cx, &target.api_id, |api| match &target.stage_name {
            None => Ok(api.api()?.tags),
            Some(name) => Ok(api.part::<Stage>(name)?.tags),
        })?;
        Ok(Output { tags })
    }
}
