//! `TagResource`: add tags to a group, or give them other values.

use super::Empty;
use crate::groups::{check, group_arn, group_of_identifier};
use crate::limits::TAGS_MAX;
use crate::tables::Group;
use crate::{Error, Logs};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_types::Tags;

pub(crate) struct TagResource;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    resource_arn: String,
    tags: Tags,
}

impl Operation for TagResource {
    type Service = Logs;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "TagResource";
    const ACTION: &'static str = "logs:TagResource";

    fn checks(logs: &Logs, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let group = group_of_identifier(cx, &input.resource_arn)?;
        Ok(vec![with_request_tags(check(logs, cx, Self::ACTION, group_arn(cx, &group), &group)?, &input.tags)])
    }

    async fn call(logs: &Logs, cx: &Context, input: Input) -> Result<Empty, Error> {
        let group = group_of_identifier(cx, &input.resource_arn)?;
        add(logs, cx, group, input.tags).await
    }
}

/// The check with the tags that the request sets.
pub(super) fn with_request_tags(check: Check, tags: &Tags) -> Check {
    tags.iter()
        .fold(check, |check, (key, value)| check.with(&format!("aws:RequestTag/{key}"), value).with("aws:TagKeys", key))
}

/// Refuses keys that only AWS may use.
pub(super) fn check_keys(tags: &Tags) -> Result<(), Error> {
    let reserved = |key: &String| key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
    if tags.keys().any(reserved) { Err(Error::ReservedTagKey) } else { Ok(()) }
}

/// Adds tags to a group.
pub(super) async fn add(logs: &Logs, cx: &Context, group: String, tags: Tags) -> Result<Empty, Error> {
    check_keys(&tags)?;
    logs.change_group(cx, group, |group: &mut Group| {
        group.tags.extend(tags);
        if group.tags.len() > TAGS_MAX { Err(Error::TooManyTags) } else { Ok(()) }
    })
    .await
}
