//! `ListLogGroups`: names of groups by a small pattern language, page by page.

use crate::groups::{group_arn, page, stream_arn};
use crate::limits::LIST_MAX;
use crate::{Error, Logs};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidegate_core::{Context, Operation};

pub(crate) struct ListLogGroups;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    log_group_name_pattern: Option<String>,
    log_group_class: Option<String>,
    #[serde(default)]
    include_linked_accounts: bool,
    account_identifiers: Option<Value>,
    data_sources: Option<Value>,
    field_index_names: Option<Value>,
    log_group_tags: Option<Value>,
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
    log_group_arn: String,
    log_group_class: String,
}

impl Operation for ListLogGroups {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListLogGroups";
    const ACTION: &'static str = "logs:ListLogGroups";

    fn resource(cx: &Context, _: &Input) -> String {
        stream_arn(cx, "", "")
    }

    async fn call(logs: &Logs, cx: &Context, input: Input) -> Result<Output, Error> {
        refuse(&input)?;
        logs.settle().await?;
        let alternatives = input.log_group_name_pattern.unwrap_or_default();
        let matches = |name: &str| {
            alternatives.split('|').any(|part| match part.strip_prefix('^') {
                Some(start) => name.starts_with(start),
                None => name.contains(part),
            })
        };
        let class = input.log_group_class;
        let limit = input.limit.unwrap_or(50).min(LIST_MAX);
        let page = page(&logs.store.snapshot(), cx, "", input.next_token, limit, |name, group| {
            matches(name) && class.as_ref().is_none_or(|class| *class == group.class)
        })?;
        let entry = |(name, group): (String, crate::tables::Group)| Entry {
            log_group_arn: group_arn(cx, &name),
            log_group_name: name,
            log_group_class: group.class,
        };
        Ok(Output { log_groups: page.items.into_iter().map(entry).collect(), next_token: page.next })
    }
}

fn refuse(input: &Input) -> Result<(), Error> {
    let members = [
        (input.include_linked_accounts, "includeLinkedAccounts"),
        (input.account_identifiers.is_some(), "accountIdentifiers"),
        (input.data_sources.is_some(), "dataSources"),
        (input.field_index_names.is_some(), "fieldIndexNames"),
        (input.log_group_tags.is_some(), "logGroupTags"),
    ];
    let given = members.into_iter().find(|(given, _)| *given);
    given.map_or(Ok(()), |(_, name)| Err(Error::Unsupported(name)))
}
