//! Permission for item operations: the table or index asked for, and DynamoDB's own condition keys.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html>

use crate::error::Error;
use crate::model::expression::{KeyCondition, KeyTest};
use crate::model::{AttributeValue, Attributes};
use crate::schema::TableRecord;
use crate::service::{Opened, Place};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::collections::BTreeSet;
use tidegate_core::{AwsError, Check, Context, PrincipalKind};
use tidegate_types::Arn;

/// What a request wants, as far as policies can speak of it.
#[derive(Debug, Default)]
pub struct Wish<'a> {
    /// The index, if one is asked.
    pub index: Option<&'a str>,
    /// Keys of the items asked for, or items to be put.
    pub keys: Vec<&'a Attributes>,
    /// A query's key condition.
    pub key_condition: Option<&'a KeyCondition>,
    /// Top-level attributes that the request names.
    pub attributes: BTreeSet<&'a str>,
    /// `Select`, where it was given.
    pub select: Option<&'static str>,
    /// `ReturnValues`, where it was given.
    pub return_values: Option<&'static str>,
    /// The transaction that the action is part of.
    pub enclosing: Option<&'static str>,
}

/// The table's ARN.
pub fn table_arn(place: &Place) -> Arn {
    Arn::new("dynamodb", &place.region, &place.account, format_args!("table/{}", place.name))
}

/// Refuses what the caller may not do with the table.
pub fn authorize(
    cx: &Context,
    action: &str,
    place: &Place,
    opened: Option<&Opened>,
    wish: &Wish<'_>,
) -> Result<(), Error> {
    let table = opened.map(|o| &*o.table);
    let policy = table.and_then(|t| t.policy.as_ref()).map(|p| p.document.as_str());
    // No policy of its own stands between an account's root and its tables: the most common case by far.
    let owner = cx.principal.kind == PrincipalKind::Root && cx.principal.account == place.account;
    if owner && policy.is_none() {
        return Ok(());
    }
    let arn = match wish.index {
        Some(index) => format!("{}/index/{index}", table_arn(place)),
        None => table_arn(place).to_string(),
    };
    let check = Check::new(action, arn).resource_policy(policy);
    if place.account != cx.account && check.resource_policy.is_none() {
        return Err(foreign(cx, &check).into());
    }
    Ok(cx.authorize(&with_conditions(check, table, wish))?)
}

/// Only a resource policy lets another account in.
fn foreign(cx: &Context, check: &Check) -> AwsError {
    let (who, action, resource) = (cx.principal.arn(), &check.action, &check.resource);
    AwsError::access_denied(format!(
        "User: {who} is not authorized to perform: {action} on resource: {resource} because no resource-based policy allows the {action} action"
    ))
}

fn with_conditions(mut check: Check, table: Option<&TableRecord>, wish: &Wish<'_>) -> Check {
    if let Some(table) = table {
        let leading = leading_keys(table, wish);
        check = leading.into_iter().fold(check, |check, key| check.with("dynamodb:LeadingKeys", key));
        check = table.tags.iter().fold(check, |c, (k, v)| c.with(&format!("aws:ResourceTag/{k}"), v.as_str()));
    }
    check = wish.attributes.iter().fold(check, |check, name| check.with("dynamodb:Attributes", *name));
    let words = [
        ("dynamodb:Select", wish.select),
        ("dynamodb:ReturnValues", wish.return_values),
        ("dynamodb:EnclosingOperation", wish.enclosing),
    ];
    words
        .into_iter()
        .filter_map(|(key, word)| Some((key, word?)))
        .fold(check, |check, (key, word)| check.with(key, word))
}

/// The partition key values that the request is about: of the index, where one is asked.
fn leading_keys(table: &TableRecord, wish: &Wish<'_>) -> BTreeSet<String> {
    let key = wish.index.and_then(|name| table.index(name)).map_or(&table.key, |index| &index.key);
    let partition = key.partition.first().map(|a| a.name.as_str()).unwrap_or_default();
    let queried = wish.key_condition.and_then(|condition| condition.test(partition)).map(KeyTest::values);
    let named = wish.keys.iter().filter_map(|key| key.get(partition));
    named.chain(queried.into_iter().flatten()).map(key_text).collect()
}

fn key_text(value: &AttributeValue) -> String {
    match value {
        AttributeValue::S(text) => text.clone(),
        AttributeValue::N(number) => number.to_string(),
        AttributeValue::B(bytes) => STANDARD.encode(bytes),
        _ => String::new(),
    }
}
