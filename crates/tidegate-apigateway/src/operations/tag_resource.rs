//! `TagResource`: sets tags of an API or a stage.

use super::shared::arn;
use crate::apis::{Taggable, checked_tags};
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};
use tidegate_types::Tags;

/// The operation.
pub struct TagResource;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: String,
    #[serde(default)]
    tags: Tags,
}

impl Operation for TagResource {
    type Service = ApiGateway;
    type Input = Input;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "TagResource";
    const ACTION: &'static str = "apigateway:POST";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/tags/{}", input.resource_arn))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<(), Error> {
        let target = Taggable::parse(&input.resource_arn)?;
        let new = checked_tags(input.tags)?;
        let set = move |tags: &mut Tags| {
            tags.extend(new);
            checked_tags(tags.clone()).map(drop)
        };
        gateway.change_tags(cx, target, set).await
    }
}
