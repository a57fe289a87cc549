//! Time to live: items go once the time in their attribute has passed. Tokens that have ended go, too, and what a stop
//! left undone is finished: rows of deleted tables, indexes that were being built.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html>

use crate::engine::{self, Change, Write};
use crate::error::Error;
use crate::limits;
use crate::model::expression::{Comparator, Condition, Operand, Path};
use crate::model::{AttributeValue, Attributes, Number, stored};
use crate::operations::{drop_rows, fill_index};
use crate::schema::TableRecord;
use crate::service::{DynamoDb, Opened, Place};
use crate::tables::{ROWS, RowKey, TABLES, TOKEN_ENDS, TOKENS};
use tidegate_types::Timestamp;

/// AWS leaves items alone whose time lies further back than this: they are taken for mistakes.
const OLDEST_SECONDS: u64 = 5 * 365 * 24 * 60 * 60;

/// Deletes what has expired at `now` and finishes what a stop left undone; gives the number of items that expired. Each
/// call looks at a limited number of items of each table and goes on where the last one ended.
///
/// # Errors
/// Those of the store; what was deleted before stays deleted.
pub async fn expire(db: &DynamoDb, now: Timestamp) -> Result<usize, Error> {
    drop_rows(db).await?;
    forget_tokens(db, now).await?;
    let mut count = 0;
    let tables = db.snapshot().scan(&TABLES, ()).collect::<Result<Vec<_>, _>>()?;
    for ((account, region, name), record) in tables {
        for index in record.indexes.iter().filter(|index| index.building) {
            let place = Place { account: account.clone(), region: region.clone(), name: name.clone() };
            fill_index(db, &place, &index.name).await?;
        }
        if let Some(attribute) = &record.ttl {
            count += expire_table(db, Place { account, region, name }, attribute, now).await?;
        }
    }
    Ok(count)
}

/// Whether an item's time has passed.
fn expired(time: Option<AttributeValue>, now: Timestamp) -> bool {
    let now = now.as_ms() / 1000;
    let Some(AttributeValue::N(time)) = time else { return false };
    let time = time.to_i64().and_then(|t| u64::try_from(t).ok());
    time.is_some_and(|t| t < now && now - t <= OLDEST_SECONDS)
}

/// Walks over a table from where the last pass ended, at most [`limits::EXPIRY_ROWS`] rows.
async fn expire_table(db: &DynamoDb, place: Place, attribute: &str, now: Timestamp) -> Result<usize, Error> {
    let Some(opened) = db.open(place)? else { return Ok(0) };
    let mut count = 0;
    let mut left = limits::EXPIRY_ROWS;
    loop {
        let start = db.expiry_position(opened.table.space);
        let found = find_expired(db, &opened.table, start, attribute, now, &mut left)?;
        db.set_expiry_position(opened.table.space, found.next.clone());
        count += found.keys.len();
        if !found.keys.is_empty() && !delete(db, opened.clone(), found.keys, attribute, now).await? {
            // The next pass sees the table as it is now.
            return Ok(count);
        }
        if left == 0 || found.next.is_none() {
            return Ok(count);
        }
    }
}

/// Deletes items in one transaction; `false` if the table was changed meanwhile.
async fn delete(
    db: &DynamoDb,
    opened: Opened,
    keys: Vec<Attributes>,
    attribute: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let (guard, attribute) = (db.guard(), attribute.to_owned());
    let deleted = db.store().write(move |tx| {
        if !guard.is_current(tx, &opened)? {
            return Ok(false);
        }
        for key in keys {
            match engine::plan(tx, &opened.table, deletion(key, &attribute, now)) {
                Ok(plan) => drop(engine::apply(tx, &opened.table, plan)?),
                // It was changed since and lives on.
                Err(Error::ConditionFailed(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    });
    deleted.await
}

/// A deletion that happens only if the item still is as it was found: past its time.
fn deletion(key: Attributes, attribute: &str, now: Timestamp) -> Write {
    let time = AttributeValue::N(Number::from(now.as_ms() / 1000));
    let place = Operand::Path(Path::attribute(attribute));
    let condition = Some(Condition::Compare(place, Comparator::Less, Operand::Value(time)));
    Write { key, change: Change::Delete, condition, wants_old: false, show_on_failure: false, legacy: false }
}

/// Expired items, and the row behind which to go on; none at the table's end.
struct Found {
    keys: Vec<Attributes>,
    next: Option<RowKey>,
}

/// Looks for expired items behind a row until a batch is full or no rows are left to look at.
fn find_expired(
    db: &DynamoDb,
    table: &TableRecord,
    start: Option<RowKey>,
    attribute: &str,
    now: Timestamp,
    left: &mut usize,
) -> Result<Found, Error> {
    let prefix = RowKey::space(table.space);
    let range = ROWS.all().at_least(&RowKey(prefix.clone()));
    let range = match &start {
        Some(row) => range.after(row),
        None => range,
    };
    let mut keys = Vec::new();
    for row in db.snapshot().range(&ROWS, range) {
        let (row, raw) = row?;
        if !row.0.starts_with(&prefix) {
            break;
        }
        *left -= 1;
        if expired(stored::attribute(&raw.0, attribute)?, now) {
            keys.push(table.key.of(&stored::decode(&raw.0)?));
        }
        if keys.len() == limits::EXPIRY_BATCH || *left == 0 {
            return Ok(Found { keys, next: Some(row) });
        }
    }
    Ok(Found { keys, next: None })
}

async fn forget_tokens(db: &DynamoDb, now: Timestamp) -> Result<(), Error> {
    let ended = |row: &Result<((u64, _, _, _), ()), _>| row.as_ref().is_ok_and(|((ends, ..), ())| *ends <= now.as_ms());
    let over = db.snapshot().scan(&TOKEN_ENDS, ()).take_while(ended).collect::<Result<Vec<_>, _>>()?;
    if over.is_empty() {
        return Ok(());
    }
    let forgotten = db.store().write(move |tx| {
        for (end, ()) in over {
            let (_, account, region, token) = &end;
            let key = (account.clone(), region.clone(), token.clone());
            // The token may have been used again since, and then ends later.
            if tx.get(&TOKENS, &key)?.is_some_and(|t| t.ends_ms <= end.0) {
                tx.delete(&TOKENS, &key)?;
            }
            tx.delete(&TOKEN_ENDS, &end)?;
        }
        Ok::<_, Error>(())
    });
    forgotten.await
}
