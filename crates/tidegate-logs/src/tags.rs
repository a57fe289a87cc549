//! Tags of groups, which clients change by the group's ARN, and as in older days by its name.

use crate::limits::TAGS_MAX;
use crate::tables::Group;
use crate::{Error, Logs};
use tidegate_core::{Check, Context, Empty};
use tidegate_types::Tags;

/// The check with the tags that the request sets.
pub(crate) fn with_request_tags(check: Check, tags: &Tags) -> Check {
    tags.iter()
        .fold(check, |check, (key, value)| check.with(&format!("aws:RequestTag/{key}"), value).with("aws:TagKeys", key))
}

/// Refuses keys that only AWS may use.
pub(crate) fn check_keys(tags: &Tags) -> Result<(), Error> {
    let reserved = |key: &String| key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
    if tags.keys().any(reserved) { Err(Error::ReservedTagKey) } else { Ok(()) }
}

/// Adds tags to a group.
pub(crate) async fn add(logs: &Logs, cx: &Context, group: String, tags: Tags) -> Result<Empty, Error> {
    check_keys(&tags)?;
    logs.change_group(cx, group, |group: &mut Group| {
        group.tags.extend(tags);
        if group.tags.len() > TAGS_MAX { Err(Error::TooManyTags) } else { Ok(()) }
    })
    .await
}

/// Takes tags off a group; keys that it does not have are no mistake.
pub(crate) async fn remove(logs: &Logs, cx: &Context, group: String, keys: Vec<String>) -> Result<Empty, Error> {
    logs.change_group(cx, group, move |group| {
        group.tags.retain(|key, _| !keys.contains(key));
        Ok(())
    })
    .await
}
