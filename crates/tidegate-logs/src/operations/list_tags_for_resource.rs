//! `ListTagsForResource`: the tags of a group.

use crate::groups::{check, group_arn, group_of_identifier, load_group};
use crate::{Error, Logs};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};
use tidegate_types::Tags;

pub(crate) struct ListTagsForResource;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    resource_arn: String,
}

#[derive(Serialize)]
pub(crate) struct Output {
    pub tags: Tags,
}

impl Operation for ListTagsForResource {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListTagsForResource";
    const ACTION: &'static str = "logs:ListTagsForResource";

    fn checks(logs: &Logs, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let group = group_of_identifier(cx, &input.resource_arn)?;
        Ok(vec![check(logs, cx, Self::ACTION, group_arn(cx, &group), &group)?])
    }

    async fn call(logs: &Logs, cx: &Context, input: Input) -> Result<Output, Error> {
        let group = group_of_identifier(cx, &input.resource_arn)?;
        logs.settle().await?;
        Ok(Output { tags: load_group(&logs.store.snapshot(), cx, &group)?.tags })
    }
}
