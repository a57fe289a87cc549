//! Changing one item: first the plan (read, judge, compute), which changes nothing, then its application to the item's
//! row and its index entries. Both run inside one store transaction.

use super::capacity::{Consumed, write_units};
use crate::error::Error;
use crate::limits;
use crate::model::expression::{Condition, Update, UpdateFailure};
use crate::model::{Attributes, stored};
use crate::schema::{IndexRecord, TableRecord};
use crate::tables::{ROWS, RowKey};
use tidegate_store::{Raw, Snapshot, Transaction};

/// What is to become of an item.
#[derive(Debug, Clone)]
pub enum Change {
    /// This item, in place of the one that is there.
    Put(NewItem),
    /// The item with these changes; one without attributes but its key is made if there is none.
    Update(Update),
    /// No item.
    Delete,
    /// The item as it is: only the condition counts.
    Check,
}

/// An item that is ready to be stored.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// The item.
    pub item: Attributes,
    stored: Vec<u8>,
    size: usize,
}

impl NewItem {
    /// Checks the item's size and makes its stored form, before the writer's turn.
    pub fn new(item: Attributes) -> Result<NewItem, Error> {
        let size = item.size();
        if size > limits::ITEM_BYTES {
            return Err(Error::ItemTooLarge);
        }
        let stored = stored::encode(&item, size);
        Ok(NewItem { item, stored, size })
    }
}

/// A change of one item.
#[derive(Debug, Clone)]
pub struct Write {
    /// The item's key.
    pub key: Attributes,
    /// What is to become of it.
    pub change: Change,
    /// What must hold before.
    pub condition: Option<Condition>,
    /// Whether the item before is wanted: for the answer, or to count units.
    pub wants_old: bool,
    /// Whether a failed condition shows the item.
    pub show_on_failure: bool,
    /// Whether the update came as `AttributeUpdates`, which complains in other words.
    pub legacy: bool,
}

/// What a write will do.
#[derive(Debug)]
pub struct Plan {
    row: Vec<u8>,
    old: Option<Attributes>,
    new: New,
}

#[derive(Debug)]
enum New {
    Same,
    Gone,
    Item(NewItem),
}

/// What a write did.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The item before, if it was read.
    pub old: Option<Attributes>,
    /// The item afterwards.
    pub new: Option<Attributes>,
    /// Units used.
    pub consumed: Consumed,
}

/// Refuses updates of key attributes.
pub fn check_update(table: &TableRecord, update: &Update) -> Result<(), Error> {
    for action in &update.actions {
        let path = action.path();
        if table.key.contains(&path.attribute) {
            return Err(Error::KeyUpdate(path.attribute.clone()));
        }
        let index = table.indexes.iter().any(|i| i.key.contains(&path.attribute));
        if index && !path.steps.is_empty() {
            return Err(Error::built(format!(
                "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: {}",
                path.attribute
            )));
        }
    }
    Ok(())
}

/// Reads the item, judges the condition and computes what is to be stored.
pub fn plan(snapshot: &Snapshot, table: &TableRecord, write: Write) -> Result<Plan, Error> {
    let row = table.row_key(&write.key).ok_or(Error::KeyDoesNotMatch)?;
    let computed = matches!(write.change, Change::Update(_));
    let needs_old = computed || write.wants_old || write.condition.is_some() || !table.indexes.is_empty();
    let old = if needs_old { read(snapshot, &row)? } else { None };
    if let Some(condition) = &write.condition
        && !condition.holds(old.as_ref().unwrap_or(&Attributes::new()))
    {
        return Err(Error::ConditionFailed(old.filter(|_| write.show_on_failure).map(Box::new)));
    }
    let new = match write.change {
        Change::Put(item) => New::Item(item),
        Change::Delete => New::Gone,
        Change::Check => New::Same,
        Change::Update(update) => updated(table, old.as_ref().unwrap_or(&write.key), &update, write.legacy)?,
    };
    Ok(Plan { row, old, new })
}

fn read(snapshot: &Snapshot, row: &[u8]) -> Result<Option<Attributes>, Error> {
    let found = snapshot.get(&ROWS, &RowKey(row.to_vec()))?;
    Ok(found.map(|raw| stored::decode(&raw.0)).transpose()?)
}

fn updated(table: &TableRecord, before: &Attributes, update: &Update, legacy: bool) -> Result<New, Error> {
    let item = update.apply(before).map_err(|failure| told(failure, legacy))?;
    if update.actions.iter().any(|a| item.get(&a.path().attribute).is_some_and(|v| v.levels() > limits::VALUE_LEVELS)) {
        return Err(Error::TooManyLevels);
    }
    for index in &table.indexes {
        let changed = index.key.attributes().any(|a| item.get(&a.name) != before.get(&a.name));
        if changed {
            index.key.check_indexed(&index.name, &item).map_err(|error| index_error(error, legacy))?;
        }
    }
    let size = item.size();
    if size > limits::ITEM_BYTES {
        return Err(Error::UpdateTooLarge);
    }
    let stored = stored::encode(&item, size);
    Ok(New::Item(NewItem { item, stored, size }))
}

fn index_error(error: Error, legacy: bool) -> Error {
    match error {
        Error::IndexKeyType { .. } if !legacy => {
            Error::rule("The update expression attempted to update the secondary index key to unsupported type")
        }
        other => other,
    }
}

fn told(failure: UpdateFailure, legacy: bool) -> Error {
    match failure {
        UpdateFailure::Path => Error::UpdatePath,
        UpdateFailure::Missing => Error::UpdateMissing,
        UpdateFailure::Operand if legacy => Error::rule("Type mismatch for attribute to update"),
        UpdateFailure::Operand => Error::UpdateOperand,
        UpdateFailure::Number(error) => Error::Number { error, text: String::new() },
    }
}

/// Does what was planned.
pub fn apply(tx: &mut Transaction, table: &TableRecord, plan: Plan) -> Result<Outcome, Error> {
    let Plan { row, old, new } = plan;
    let old_size = old.as_ref().map_or(0, Attributes::size);
    let row = RowKey(row);
    let (new, stored, size) = match new {
        New::Same => return Ok(Outcome { new: old.clone(), old, consumed: Consumed::of_table(write_units(old_size)) }),
        New::Gone => (None, None, 0),
        New::Item(NewItem { item, stored, size }) => (Some(item), Some(stored), size),
    };
    match stored {
        Some(stored) => tx.put(&ROWS, &row, &Raw(stored))?,
        None => tx.delete(&ROWS, &row)?,
    }
    let mut consumed = Consumed::of_table(write_units(old_size.max(size)));
    for index in &table.indexes {
        change_entry(tx, table, index, (old.as_ref(), new.as_ref()), &mut consumed)?;
    }
    Ok(Outcome { old, new, consumed })
}

fn change_entry(
    tx: &mut Transaction,
    table: &TableRecord,
    index: &IndexRecord,
    (old, new): (Option<&Attributes>, Option<&Attributes>),
    consumed: &mut Consumed,
) -> Result<(), Error> {
    let before = old.and_then(|item| index.entry(table, item));
    let after = new.and_then(|item| index.entry(table, item));
    consumed.index_change(&index.name, index.global, before.as_ref(), after.as_ref());
    if before == after {
        return Ok(());
    }
    let stays = before.as_ref().map(|e| &e.key) == after.as_ref().map(|e| &e.key);
    if let Some(before) = before.filter(|_| !stays) {
        tx.delete(&ROWS, &RowKey(before.key))?;
    }
    if let Some(after) = after {
        tx.put(&ROWS, &RowKey(after.key), &Raw(after.stored))?;
    }
    Ok(())
}
