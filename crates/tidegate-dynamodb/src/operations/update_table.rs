//! `UpdateTable`: change a table's settings and its global indexes.

use super::create_table::{encryption, given_definitions, new_space, same_mode, stream};
use super::shared::*;
use crate::error::{Error, Missing};
use crate::model::KeyAttribute;
use crate::request::place;
use crate::schema::{Billing, OnDemand, TableRecord, Throughput};
use crate::service::{DynamoDb, Place};
use crate::tables::{DROPPED, TABLES};
use serde::Deserialize;
use serde_json::Value;
use tidegate_core::{AwsError, Context, One, Operation};
use tidegate_store::Transaction;
use tidegate_types::Timestamp;

/// `UpdateTable`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html>
pub struct UpdateTable;

/// What is to change.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: String,
    attribute_definitions: Option<Vec<AttributeDefinition>>,
    billing_mode: Option<String>,
    provisioned_throughput: Option<ProvisionedThroughput>,
    #[serde(default)]
    global_secondary_index_updates: Vec<IndexUpdate>,
    stream_specification: Option<StreamSpecification>,
    #[serde(rename = "SSESpecification")]
    sse_specification: Option<SseSpecification>,
    deletion_protection_enabled: Option<bool>,
    table_class: Option<String>,
    on_demand_throughput: Option<OnDemand>,
    warm_throughput: Option<WarmThroughput>,
    replica_updates: Option<Value>,
    multi_region_consistency: Option<Value>,
    global_table_witness_updates: Option<Value>,
    global_table_settings_replication_mode: Option<Value>,
}

/// One change of an index.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IndexUpdate {
    create: Option<IndexInput>,
    update: Option<IndexSettings>,
    delete: Option<IndexName>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IndexSettings {
    index_name: String,
    provisioned_throughput: Option<ProvisionedThroughput>,
    on_demand_throughput: Option<OnDemand>,
    warm_throughput: Option<WarmThroughput>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IndexName {
    index_name: String,
}

impl Operation for UpdateTable {
    type Service = DynamoDb;
    type Input = Input;
    type Output = One<TableDescription>;
    type Error = Error;
    const NAME: &'static str = "UpdateTable";
    const ACTION: &'static str = "dynamodb:UpdateTable";
    const NOT_HONORED: &'static [(&'static str, &'static str)] = super::create_table::CreateTable::NOT_HONORED;

    fn resource(cx: &Context, input: &Input) -> String {
        table_resource(cx, &input.table_name)
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<One<TableDescription>, Error> {
        let place = place(cx, Some(&input.table_name))?;
        refuse_replicas(&input)?;
        if is_empty(&input) {
            return Err(Error::rule(
                "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required",
            ));
        }
        let created = input.global_secondary_index_updates.iter().find_map(|u| u.create.as_ref());
        let created = created.map(|index| index.index_name.clone());
        let key = encryption(cx, input.sse_specification.clone());
        let (at, now) = (place.clone(), cx.clock().now());
        let table = db.change_tables(move |tx| change(tx, &at, &input, key, now)).await?;
        let answer = describe(db, cx, &place, &table, "UPDATING")?;
        if let Some(index) = created {
            fill_index(db, &place, &index).await?;
        }
        drop_rows(db).await?;
        Ok(One("TableDescription", answer))
    }
}

fn refuse_replicas(input: &Input) -> Result<(), Error> {
    let given = [
        (input.replica_updates.is_some(), "ReplicaUpdates"),
        (input.multi_region_consistency.is_some(), "MultiRegionConsistency"),
        (input.global_table_witness_updates.is_some(), "GlobalTableWitnessUpdates"),
        (input.global_table_settings_replication_mode.is_some(), "GlobalTableSettingsReplicationMode"),
    ];
    match given.into_iter().find(|(given, _)| *given) {
        Some((_, name)) => Err(AwsError::not_implemented(format!("UpdateTable's {name} is not implemented")).into()),
        None => Ok(()),
    }
}

fn is_empty(input: &Input) -> bool {
    input.billing_mode.is_none()
        && input.provisioned_throughput.is_none()
        && input.global_secondary_index_updates.is_empty()
        && input.stream_specification.is_none()
        && input.sse_specification.is_none()
        && input.deletion_protection_enabled.is_none()
        && input.table_class.is_none()
        && input.on_demand_throughput.is_none()
        && input.warm_throughput.is_none()
}

fn change(
    tx: &mut Transaction,
    place: &Place,
    input: &Input,
    key: Option<String>,
    now: Timestamp,
) -> Result<TableRecord, Error> {
    let missing = || Error::NotFound(Missing::Table(place.name.clone()));
    let mut table = tx.get(&TABLES, place.key())?.ok_or_else(missing)?;
    table.revision += 1;
    change_billing(&mut table, input, now)?;
    let defined = given_definitions(input.attribute_definitions.as_deref())?;
    change_indexes(tx, &mut table, input, &defined)?;
    table.declare(&defined);
    change_stream(&mut table, input, now)?;
    if input.sse_specification.is_some() {
        table.encryption = key;
    }
    table.deletion_protection = input.deletion_protection_enabled.unwrap_or(table.deletion_protection);
    table.class = input.table_class.clone().or(table.class);
    if input.on_demand_throughput.is_some() {
        table.on_demand = on_demand(table.billing, input.on_demand_throughput)?;
    }
    table.warm = input.warm_throughput.map(Throughput::from).or(table.warm);
    tx.put(&TABLES, place.key(), &table)?;
    Ok(table)
}

fn change_billing(table: &mut TableRecord, input: &Input, now: Timestamp) -> Result<(), Error> {
    let mode = input.billing_mode.as_deref();
    if mode.is_none() && input.provisioned_throughput.is_none() {
        return Ok(());
    }
    let current = if table.billing == Billing::Provisioned { "PROVISIONED" } else { "PAY_PER_REQUEST" };
    let kept = input.provisioned_throughput.is_none() && mode == Some("PROVISIONED") && current == "PROVISIONED";
    if kept {
        return Ok(());
    }
    let (billing, throughput) = billing(mode.or(Some(current)), input.provisioned_throughput, now)?;
    let same = same_mode(billing, table.billing);
    if same
        && billing == Billing::Provisioned
        && throughput == table.throughput
        && input.global_secondary_index_updates.is_empty()
    {
        let (read, write) = (throughput.read, throughput.write);
        return Err(Error::built(format!(
            "The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: {read}. Requested ReadCapacityUnits: {read}. Current WriteCapacityUnits provisioned for the table: {write}. Requested WriteCapacityUnits: {write}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
        )));
    }
    if !same {
        table.billing = billing;
        let index = if billing == Billing::Provisioned { throughput } else { Throughput::default() };
        table.indexes.iter_mut().filter(|i| i.global).for_each(|i| i.throughput = index);
    }
    table.throughput = throughput;
    Ok(())
}

fn change_stream(table: &mut TableRecord, input: &Input, now: Timestamp) -> Result<(), Error> {
    let Some(given) = &input.stream_specification else { return Ok(()) };
    match (given.stream_enabled, table.stream.is_some()) {
        (true, true) => Err(Error::rule("Table already has an enabled stream")),
        (false, false) => Err(Error::rule("Table is already without a stream")),
        _ => {
            table.stream = stream(Some(given.clone()), now)?;
            Ok(())
        }
    }
}

fn change_indexes(
    tx: &mut Transaction,
    table: &mut TableRecord,
    input: &Input,
    defined: &[KeyAttribute],
) -> Result<(), Error> {
    let updates = &input.global_secondary_index_updates;
    let structural = updates.iter().filter(|u| u.create.is_some() || u.delete.is_some()).count();
    if structural > 1 {
        return Err(Error::LimitExceeded(
            "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"
                .to_owned(),
        ));
    }
    for update in updates {
        match (&update.create, &update.update, &update.delete) {
            (Some(index), None, None) => create_index(tx, table, index, defined)?,
            (None, Some(settings), None) => set_index(table, settings)?,
            (None, None, Some(index)) => delete_index(tx, table, &index.index_name)?,
            _ => {
                return Err(Error::parameter(
                    "Only one GlobalSecondaryIndexUpdate action can be specified for each entry of GlobalSecondaryIndexUpdates",
                ));
            }
        }
    }
    check_index(&table.indexes)
}

fn create_index(
    tx: &mut Transaction,
    table: &mut TableRecord,
    input: &IndexInput,
    defined: &[KeyAttribute],
) -> Result<(), Error> {
    if table.index(&input.index_name).is_some() {
        return Err(Error::rule("Attempting to create an index which already exists"));
    }
    let known: Vec<KeyAttribute> = if defined.is_empty() { table.attributes.clone() } else { defined.to_vec() };
    for attribute in &known {
        if table.attributes.iter().any(|a| a.name == attribute.name && a.kind != attribute.kind) {
            return Err(Error::parameter(format!("Attribute {} is already defined with another type", attribute.name)));
        }
    }
    let mut index = build_index(input, true, &table.key, &known, table.billing)?;
    index.space = new_space(tx)?;
    index.building = true;
    table.indexes.push(index);
    Ok(())
}

fn global<'a>(table: &'a mut TableRecord, name: &str) -> Result<&'a mut crate::schema::IndexRecord, Error> {
    let found = table.indexes.iter_mut().find(|i| i.global && i.name == name);
    found.ok_or(Error::NotFound(Missing::Resource))
}

fn set_index(table: &mut TableRecord, settings: &IndexSettings) -> Result<(), Error> {
    let billing = table.billing;
    let index = global(table, &settings.index_name)?;
    if settings.provisioned_throughput.is_some() {
        index.throughput = index_throughput(&settings.index_name, billing, settings.provisioned_throughput)?;
    }
    if settings.on_demand_throughput.is_some() {
        index.on_demand = on_demand(billing, settings.on_demand_throughput)?;
    }
    index.warm = settings.warm_throughput.map(Throughput::from).or(index.warm);
    Ok(())
}

fn delete_index(tx: &mut Transaction, table: &mut TableRecord, name: &str) -> Result<(), Error> {
    let space = global(table, name)?.space;
    tx.put(&DROPPED, space, &())?;
    table.indexes.retain(|i| i.name != name);
    Ok(())
}
