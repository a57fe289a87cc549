//! `DescribeLogGroups`: groups by prefix, by pattern or by name, page by page.

use crate::groups::{group_arn, group_of_identifier, page, stream_arn};
use crate::limits::DESCRIBE_MAX;
use crate::tables::Group;
use crate::{Error, Logs};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tidegate_core::{Context, Operation};

pub(crate) struct DescribeLogGroups;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    log_group_name_prefix: Option<String>,
    log_group_name_pattern: Option<String>,
    log_group_identifiers: Option<Vec<String>>,
    log_group_class: Option<String>,
    account_identifiers: Option<Vec<String>>,
    #[serde(default)]
    include_linked_accounts: bool,
    next_token: Option<String>,
    limit: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Output {
    log_groups: Vec<Entry>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    log_group_name: String,
    creation_time: u64,
    retention_in_days: Option<u32>,
    metric_filter_count: u32,
    arn: String,
    stored_bytes: u64,
    log_group_class: String,
    log_group_arn: String,
    deletion_protection_enabled: bool,
}

impl Entry {
    fn new(cx: &Context, name: String, group: Group) -> Entry {
        let arn = group_arn(cx, &name);
        Entry {
            log_group_name: name,
            creation_time: group.created_ms,
            retention_in_days: group.retention_days,
            metric_filter_count: 0,
            arn: format!("{arn}:*"),
            stored_bytes: group.stored_bytes,
            log_group_class: group.class,
            log_group_arn: arn,
            deletion_protection_enabled: group.deletion_protection,
        }
    }
}

impl Operation for DescribeLogGroups {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "DescribeLogGroups";
    const ACTION: &'static str = "logs:DescribeLogGroups";

    fn resource(cx: &Context, _: &Input) -> String {
        stream_arn(cx, "", "")
    }

    async fn call(logs: &Logs, cx: &Context, input: Input) -> Result<Output, Error> {
        check(cx, &input)?;
        logs.settle().await?;
        let names = input
            .log_group_identifiers
            .as_ref()
            .map(|ids| ids.iter().map(|id| group_of_identifier(cx, id)).collect::<Result<BTreeSet<String>, Error>>());
        let names = names.transpose()?;
        let wanted = |name: &str, group: &Group| {
            names.as_ref().is_none_or(|names| names.contains(name))
                && input.log_group_name_pattern.as_ref().is_none_or(|part| name.contains(part.as_str()))
                && input.log_group_class.as_ref().is_none_or(|class| *class == group.class)
        };
        let prefix = input.log_group_name_prefix.as_deref().unwrap_or_default();
        let limit = input.limit.unwrap_or(DESCRIBE_MAX);
        let page = page(&logs.store.snapshot(), cx, prefix, input.next_token, limit, wanted)?;
        let log_groups = page.items.into_iter().map(|(name, group)| Entry::new(cx, name, group)).collect();
        Ok(Output { log_groups, next_token: page.next })
    }
}

fn check(cx: &Context, input: &Input) -> Result<(), Error> {
    let (prefix, pattern) = (input.log_group_name_prefix.is_some(), input.log_group_name_pattern.is_some());
    let others = |ids: &Vec<String>| ids.iter().any(|id| id != cx.account.as_str());
    if input.include_linked_accounts || input.account_identifiers.as_ref().is_some_and(others) {
        Err(Error::Unsupported("includeLinkedAccounts"))
    } else if prefix && pattern {
        Err(Error::PrefixAndPattern)
    } else if input.log_group_identifiers.is_some() && (prefix || pattern) {
        Err(Error::PrefixAndIdentifiers)
    } else {
        Ok(())
    }
}
