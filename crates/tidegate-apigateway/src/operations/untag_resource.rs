//! `UntagResource`: removes tags of an API or a stage.

use super::shared::arn;
use crate::apis::Taggable;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};
use tidegate_types::Tags;

/// The operation.
pub struct UntagResource;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: String,
    tag_keys: Vec<String>,
}

impl Operation for UntagResource {
    type Service = ApiGateway;
    type Input = Input;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = "UntagResource";
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/tags/{}", input.resource_arn))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<(), Error> {
        let target = Taggable::parse(&input.resource_arn)?;
        let remove = move |tags: &mut Tags| {
            tags.retain(|key, _| !input.tag_keys.contains(key));
            Ok(())
        };
        gateway.change_tags(cx, target, remove).await
    }
}
