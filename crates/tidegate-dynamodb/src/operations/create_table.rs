//! `CreateTable`: make a table with its indexes.

use super::shared::*;
use crate::error::{Busy, Error};
use crate::limits;
use crate::model::KeyAttribute;
use crate::request::{check_name, place};
use crate::schema::{Billing, IndexRecord, OnDemand, Policy, Stream, TableRecord, Throughput};
use crate::service::{DynamoDb, Place};
use crate::tables::{LAST_SPACE, TABLES};
use serde::Deserialize;
use serde_json::Value;
use tidegate_core::{AwsError, Check, Context, One, Operation};
use tidegate_store::Transaction;
use tidegate_types::Timestamp;

/// `CreateTable`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html>
pub struct CreateTable;

/// What a table is to be.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: String,
    #[serde(default)]
    attribute_definitions: Vec<AttributeDefinition>,
    #[serde(default)]
    key_schema: Vec<KeySchemaElement>,
    local_secondary_indexes: Option<Vec<IndexInput>>,
    global_secondary_indexes: Option<Vec<IndexInput>>,
    billing_mode: Option<String>,
    provisioned_throughput: Option<ProvisionedThroughput>,
    stream_specification: Option<StreamSpecification>,
    #[serde(rename = "SSESpecification")]
    sse_specification: Option<SseSpecification>,
    #[serde(default)]
    tags: Vec<Tag>,
    table_class: Option<String>,
    #[serde(default)]
    deletion_protection_enabled: bool,
    resource_policy: Option<String>,
    on_demand_throughput: Option<OnDemand>,
    warm_throughput: Option<WarmThroughput>,
    global_table_source_arn: Option<Value>,
    global_table_settings_replication_mode: Option<Value>,
}

impl Operation for CreateTable {
    type Service = DynamoDb;
    type Input = Input;
    type Output = One<TableDescription>;
    type Error = Error;
    const NAME: &'static str = "CreateTable";
    const ACTION: &'static str = "dynamodb:CreateTable";
    const NOT_HONORED: &'static [(&'static str, &'static str)] = &[
        ("StreamSpecification", "kept and shown; no records are written yet"),
        ("ProvisionedThroughput", "kept and shown; nothing is throttled"),
        ("OnDemandThroughput", "kept and shown; nothing is throttled"),
        ("WarmThroughput", "kept and shown; every table is ready at once"),
        ("SSESpecification", "kept and shown; items lie as they are on this machine's disk"),
        ("TableClass", "kept and shown; there is one kind of storage"),
    ];

    fn resource(cx: &Context, input: &Input) -> String {
        table_resource(cx, &input.table_name)
    }

    /// Tags need a permission of their own.
    fn checks(_: &DynamoDb, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let create = requested(Check::new(Self::ACTION, Self::resource(cx, input)), &input.tags);
        let tag = requested(Check::new("dynamodb:TagResource", Self::resource(cx, input)), &input.tags);
        Ok(if input.tags.is_empty() { vec![create] } else { vec![create, tag] })
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<One<TableDescription>, Error> {
        let place = place(cx, Some(&input.table_name))?;
        refuse_global(&input)?;
        let table = record(cx, &place, input)?;
        let (at, made) = (place.clone(), table.clone());
        let table = db.change_tables(move |tx| insert(tx, &at, made)).await?;
        Ok(One("TableDescription", describe(db, cx, &place, &table, "CREATING")?))
    }
}

fn refuse_global(input: &Input) -> Result<(), Error> {
    if input.global_table_source_arn.is_none() && input.global_table_settings_replication_mode.is_none() {
        return Ok(());
    }
    Err(AwsError::not_implemented("CreateTable for global tables is not implemented").into())
}

fn record(cx: &Context, place: &Place, input: Input) -> Result<TableRecord, Error> {
    check_name(&place.name)?;
    let now = cx.clock().now();
    let defined = definitions(&input.attribute_definitions)?;
    let (paid, throughput) = billing(input.billing_mode.as_deref(), input.provisioned_throughput, now)?;
    let key = key_schema(&input.key_schema, &defined, 1)?;
    let mut indexes = Vec::new();
    for (global, given) in [(false, &input.local_secondary_indexes), (true, &input.global_secondary_indexes)] {
        let Some(given) = given else { continue };
        if given.is_empty() {
            let kind = if global { "Global" } else { "Local" };
            return Err(Error::parameter(format!("List of {kind}SecondaryIndexes is empty")));
        }
        for index in given {
            indexes.push(build_index(index, global, &key, &defined, paid)?);
        }
    }
    check_index(&indexes)?;
    let keys: Vec<_> = std::iter::once(&key).chain(indexes.iter().map(|i: &IndexRecord| &i.key)).collect();
    check_all_used(&defined, &keys)?;
    let policy = input.resource_policy.map(|document| policy(cx, document)).transpose()?;
    Ok(TableRecord {
        id: cx.ids().uuid(),
        name: place.name.clone(),
        revision: 0,
        created: now,
        space: 0,
        key,
        attributes: defined,
        billing: paid,
        throughput,
        on_demand: on_demand(paid, input.on_demand_throughput)?,
        warm: input.warm_throughput.map(Throughput::from),
        indexes,
        stream: stream(input.stream_specification, now)?,
        deletion_protection: input.deletion_protection_enabled,
        class: input.table_class,
        encryption: encryption(cx, input.sse_specification),
        ttl: None,
        recovery: None,
        tags: checked_tags(input.tags)?,
        policy,
    })
}

fn checked_tags(list: Vec<Tag>) -> Result<tidegate_types::Tags, Error> {
    let tags = tags(list);
    if tags.len() > limits::TAGS {
        return Err(Error::parameter(format!("Too Many Tags: more than {} tags", limits::TAGS)));
    }
    Ok(tags)
}

/// A stream that is turned on now, or none.
pub fn stream(given: Option<StreamSpecification>, now: Timestamp) -> Result<Option<Stream>, Error> {
    match given {
        Some(StreamSpecification { stream_enabled: true, stream_view_type: Some(view) }) => {
            Ok(Some(Stream { view, label: now.format("%Y-%m-%dT%H:%M:%S.%3f") }))
        }
        Some(StreamSpecification { stream_enabled: true, stream_view_type: None }) => {
            Err(Error::parameter("StreamViewType must be specified when StreamEnabled is true"))
        }
        Some(StreamSpecification { stream_enabled: false, stream_view_type: Some(_) }) => {
            Err(Error::parameter("StreamViewType cannot be specified when StreamEnabled is false"))
        }
        _ => Ok(None),
    }
}

/// The key that a table is encrypted with; none for DynamoDB's own.
pub fn encryption(cx: &Context, given: Option<SseSpecification>) -> Option<String> {
    let given = given.filter(|g| g.enabled)?;
    Some(match given.key {
        Some(key) if key.starts_with("arn:") => key,
        Some(key) => cx.arn("kms", format_args!("key/{}", key.trim_start_matches("key/"))).to_string(),
        None => cx.arn("kms", "alias/aws/dynamodb").to_string(),
    })
}

/// A resource policy with a revision of its own.
pub fn policy(cx: &Context, document: String) -> Result<Policy, Error> {
    let object = serde_json::from_str::<Value>(&document).is_ok_and(|d| d.is_object());
    if !object || document.len() > limits::RESOURCE_POLICY_BYTES {
        return Err(Error::rule("Invalid policy document: The policy is not valid JSON or is too large."));
    }
    let revision = cx.clock().now_ms().to_string();
    Ok(Policy { document, revision })
}

fn insert(tx: &mut Transaction, place: &Place, mut table: TableRecord) -> Result<TableRecord, Error> {
    if tx.contains(&TABLES, place.key())? {
        return Err(Error::InUse(Busy::Exists(place.name.clone())));
    }
    if tx.scan(&TABLES, (&place.account, &place.region)).count() >= limits::TABLES {
        return Err(Error::LimitExceeded(format!(
            "Subscriber limit exceeded: There is a limit of {} tables per subscriber",
            limits::TABLES
        )));
    }
    table.space = new_space(tx)?;
    for index in &mut table.indexes {
        index.space = new_space(tx)?;
    }
    tx.put(&TABLES, place.key(), &table)?;
    Ok(table)
}

/// A place for rows that nobody had before.
pub fn new_space(tx: &mut Transaction) -> Result<u32, Error> {
    let space = tx.add(&LAST_SPACE, &(), 1)?;
    u32::try_from(space).map_err(|_| Error::LimitExceeded("Too many tables and indexes have been made".to_owned()))
}

/// Whether both billing modes are of one kind.
pub fn same_mode(a: Billing, b: Billing) -> bool {
    std::mem::discriminant(&a) == std::mem::discriminant(&b)
}

/// Attributes that a request declares, or none.
pub fn given_definitions(given: Option<&[AttributeDefinition]>) -> Result<Vec<KeyAttribute>, Error> {
    definitions(given.unwrap_or_default())
}
