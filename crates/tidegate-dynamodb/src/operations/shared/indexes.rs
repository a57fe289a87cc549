//! Secondary indexes: from their parameters to records, and entering the items that were there before.

use super::table_input::*;
use crate::error::Error;
use crate::limits;
use crate::model::{KeyAttribute, KeySchema, stored};
use crate::request::check_name;
use crate::schema::{Billing, IndexProjection, IndexRecord, OnDemand, TableRecord, Throughput};
use crate::service::{DynamoDb, Place};
use crate::tables::{ROWS, RowKey, TABLES};
use serde::Deserialize;
use tidegate_store::{Raw, Transaction};

/// An index as it is asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct IndexInput {
    /// Its name.
    pub index_name: String,
    key_schema: Vec<KeySchemaElement>,
    #[serde(default)]
    projection: Projection,
    provisioned_throughput: Option<ProvisionedThroughput>,
    on_demand_throughput: Option<OnDemand>,
    warm_throughput: Option<WarmThroughput>,
}

/// Attributes of each half of a global index' key.
const GLOBAL_PARTS: usize = 4;

/// An index record from its parameters; it has no space yet.
pub fn build_index(
    input: &IndexInput,
    global: bool,
    table: &KeySchema,
    defined: &[KeyAttribute],
    paid: Billing,
) -> Result<IndexRecord, Error> {
    check_name(&input.index_name)?;
    let key = key_schema(&input.key_schema, defined, if global { GLOBAL_PARTS } else { 1 })?;
    if !global {
        check_local(&input.index_name, &key, table)?;
    }
    let throughput = if global {
        index_throughput(&input.index_name, paid, input.provisioned_throughput)?
    } else {
        Throughput::default()
    };
    Ok(IndexRecord {
        name: input.index_name.clone(),
        space: 0,
        global,
        key,
        building: false,
        projection: index_projection(&input.projection)?,
        throughput,
        on_demand: on_demand(paid, input.on_demand_throughput)?,
        warm: input.warm_throughput.map(Throughput::from),
    })
}

fn check_local(name: &str, key: &KeySchema, table: &KeySchema) -> Result<(), Error> {
    if table.sort.is_empty() {
        return Err(Error::parameter(
            "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
        ));
    }
    if key.sort.is_empty() {
        return Err(Error::parameter(format!("Index KeySchema does not have a range key for index: {name}")));
    }
    let (own, tables) = (&key.partition[0].name, &table.partition[0].name);
    if own != tables {
        return Err(Error::parameter(format!(
            "Index KeySchema does not have the same leading hash key as table KeySchema for index: {name}. index hash key: {own}, table hash key: {tables}"
        )));
    }
    Ok(())
}

/// Checks names and numbers of all indexes of a table together.
pub fn check_index(indexes: &[IndexRecord]) -> Result<(), Error> {
    for (n, index) in indexes.iter().enumerate() {
        if indexes[..n].iter().any(|i| i.name == index.name) {
            return Err(Error::parameter(format!("Duplicate index name: {}", index.name)));
        }
    }
    let count = |global| indexes.iter().filter(|i| i.global == global).count();
    let limits = [
        (count(true), limits::GLOBAL_INDEXES, "GlobalSecondaryIndex"),
        (count(false), limits::LOCAL_INDEXES, "LocalSecondaryIndex"),
    ];
    for (count, limit, what) in limits {
        if count > limit {
            return Err(Error::parameter(format!("{what} count exceeds the per-table limit of {limit}")));
        }
    }
    let included =
        indexes.iter().map(|i| if let IndexProjection::Include(names) = &i.projection { names.len() } else { 0 });
    if included.sum::<usize>() > limits::INCLUDED_ATTRIBUTES {
        return Err(Error::parameter(
            "The number of NonKeyAttributes of all indexes exceeds the per-table limit of 100",
        ));
    }
    Ok(())
}

/// Items that are entered in one transaction, so that other writes come in between.
const ITEMS_AT_ONCE: usize = 500;
/// Bytes of such items, about.
const BYTES_AT_ONCE: usize = 4 * 1024 * 1024;

/// Enters all items that were there before the index, then opens it for reading. Items written meanwhile enter by
/// themselves; a stop leaves the index unopened, and the work is done again.
pub async fn fill_index(db: &DynamoDb, place: &Place, name: &str) -> Result<(), Error> {
    let mut from = None;
    loop {
        let (at, index, start) = (place.clone(), name.to_owned(), from.take());
        let next = db.store().write(move |tx| fill_some(tx, &at, &index, start)).await?;
        match next {
            Some(row) => from = Some(row),
            None => break,
        }
    }
    let (place, name) = (place.clone(), name.to_owned());
    let opened = db.change_tables(move |tx| {
        let Some(mut table) = tx.get(&TABLES, place.key())? else { return Ok(()) };
        table.revision += 1;
        table.indexes.iter_mut().filter(|i| i.name == name).for_each(|i| i.building = false);
        Ok(tx.put(&TABLES, place.key(), &table)?)
    });
    opened.await
}

/// Enters some items behind a row and gives the last of them; none once all are entered.
fn fill_some(tx: &mut Transaction, place: &Place, name: &str, from: Option<RowKey>) -> Result<Option<RowKey>, Error> {
    let Some(table) = tx.get(&TABLES, place.key())? else { return Ok(None) };
    let Some(index) = table.index(name) else { return Ok(None) };
    let prefix = RowKey::space(table.space);
    let range = ROWS.all().at_least(&RowKey(prefix.clone()));
    let range = match &from {
        Some(row) => range.after(row),
        None => range,
    };
    let mut batch = Vec::new();
    let mut bytes = 0;
    for row in tx.range(&ROWS, range) {
        let (row, raw) = row?;
        if !row.0.starts_with(&prefix) {
            break;
        }
        bytes += raw.0.len();
        batch.push((row, raw));
        if batch.len() == ITEMS_AT_ONCE || bytes >= BYTES_AT_ONCE {
            break;
        }
    }
    batch.iter().try_for_each(|(_, raw)| enter(tx, &table, index, raw))?;
    Ok(batch.pop().map(|(row, _)| row))
}

fn enter(tx: &mut Transaction, table: &TableRecord, index: &IndexRecord, raw: &Raw) -> Result<(), Error> {
    if let Some(entry) = index.entry(table, &stored::decode(&raw.0)?) {
        tx.put(&ROWS, &RowKey(entry.key), &Raw(entry.stored))?;
    }
    Ok(())
}
