//! Names of groups and streams: from what a client gives to the stored entry, and back to ARNs.

use crate::tables::{GROUPS, Group, GroupKey, STREAMS, Stream};
use crate::{Error, Logs};
use serde::Deserialize;
use tidegate_core::{Check, Context, Empty, Page, Token};
use tidegate_store::{Snapshot, StartsWith, Transaction};
use tidegate_types::Arn;

/// The group's ARN as IAM's tagging actions and `logGroupArn` have it.
pub(crate) fn group_arn(cx: &Context, group: &str) -> String {
    cx.arn("logs", format_args!("log-group:{group}")).to_string()
}

/// The ARN that AWS checks for actions on a stream, or on a group with an empty stream name.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html>
pub(crate) fn stream_arn(cx: &Context, group: &str, stream: &str) -> String {
    cx.arn("logs", format_args!("log-group:{group}:log-stream:{stream}")).to_string()
}

/// The name behind a group's name or ARN, with or without `:*`.
pub(crate) fn group_of_identifier(cx: &Context, identifier: &str) -> Result<String, Error> {
    if !identifier.starts_with("arn:") {
        return Ok(identifier.to_owned());
    }
    let foreign = || Error::ForeignArn(identifier.to_owned());
    let arn: Arn = identifier.parse().map_err(|_| foreign())?;
    let ours = arn.service() == "logs" && arn.region() == cx.region.as_str() && arn.account() == cx.account.as_str();
    let name = arn.resource().strip_prefix("log-group:").filter(|_| ours).ok_or_else(foreign)?;
    Ok(name.strip_suffix(":*").unwrap_or(name).to_owned())
}

/// The group that a request means by name or by identifier.
pub(crate) fn group_of(cx: &Context, name: &Option<String>, identifier: &Option<String>) -> Result<String, Error> {
    match (name, identifier) {
        (Some(name), None) => Ok(name.clone()),
        (None, Some(identifier)) => group_of_identifier(cx, identifier),
        _ => Err(Error::OneGroupReference),
    }
}

/// The stored group.
pub(crate) fn load_group(snapshot: &Snapshot, cx: &Context, name: &str) -> Result<Group, Error> {
    snapshot.get(&GROUPS, (&cx.account, &cx.region, name))?.ok_or(Error::NoSuchGroup)
}

/// What the tokens of lists of groups are for; they hold the last group's name.
const TOKENS: &str = "logs.groups";

/// One page of the caller's groups that are wanted. It seeks its place, for there may be very many groups.
pub(crate) fn page(
    snapshot: &Snapshot,
    cx: &Context,
    prefix: &str,
    token: Option<String>,
    limit: usize,
    wanted: impl Fn(&str, &Group) -> bool,
) -> Result<Page<(String, Group)>, Error> {
    let mut range = GROUPS.prefix((&cx.account, &cx.region, StartsWith(prefix)));
    if let Some(token) = &token {
        let last: String = Token::decode(TOKENS, token)?;
        range = range.after((&cx.account, &cx.region, last.as_str()));
    }
    let mut page = Page { items: Vec::new(), next: None };
    for entry in snapshot.range(&GROUPS, range) {
        let ((_, _, name), group): (GroupKey, Group) = entry?;
        if !wanted(&name, &group) {
            continue;
        }
        if page.items.len() == limit {
            page.next = page.items.last().map(|(name, _)| Token::encode(TOKENS, name));
            break;
        }
        page.items.push((name, group));
    }
    Ok(page)
}

/// The stored stream of a group that is there.
pub(crate) fn load_stream(snapshot: &Snapshot, cx: &Context, group: &str, stream: &str) -> Result<Stream, Error> {
    snapshot.get(&STREAMS, (&cx.account, &cx.region, group, stream))?.ok_or(Error::NoSuchStream)
}

/// A check of an action on a group or on what is in it, with the group's tags as conditions.
pub(crate) fn check(logs: &Logs, cx: &Context, action: &str, resource: String, group: &str) -> Result<Check, Error> {
    let tags = match load_group(&logs.store.snapshot(), cx, group) {
        Ok(group) => group.tags,
        Err(Error::NoSuchGroup) => Default::default(),
        Err(e) => return Err(e),
    };
    let check = Check::new(action, resource);
    Ok(tags.into_iter().fold(check, |check, (key, value)| check.with(&format!("aws:ResourceTag/{key}"), value)))
}

impl Logs {
    /// Changes a stored group.
    pub(crate) async fn change_group(
        &self,
        cx: &Context,
        name: String,
        change: impl FnOnce(&mut Group) -> Result<(), Error> + Send + 'static,
    ) -> Result<Empty, Error> {
        self.settle().await?;
        let key = (cx.account.clone(), cx.region.clone(), name);
        let write = move |tx: &mut Transaction| {
            let mut group = tx.get(&GROUPS, &key)?.ok_or(Error::NoSuchGroup)?;
            change(&mut group)?;
            Ok::<_, Error>(tx.put(&GROUPS, &key, &group)?)
        };
        self.store.write(write).await?;
        Ok(Empty {})
    }
}

/// What operations on one stream take.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StreamInput {
    pub log_group_name: String,
    pub log_stream_name: String,
}

/// What operations on one group take that know it by name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupInput {
    pub log_group_name: String,
}
