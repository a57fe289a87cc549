//! Clearing away the rows of tables and indexes that were deleted.

use crate::error::Error;
use crate::service::DynamoDb;
use crate::tables::{DROPPED, ROWS, RowKey};
use tidegate_store::Transaction;

/// Rows that go in one transaction, so that other writes come in between.
const ROWS_AT_ONCE: usize = 2_000;

/// Clears away the rows of all spaces that were dropped; what a stop leaves behind is done next time.
pub async fn drop_rows(db: &DynamoDb) -> Result<(), Error> {
    let spaces =
        db.snapshot().scan(&DROPPED, ()).map(|row| row.map(|(space, ())| space)).collect::<Result<Vec<_>, _>>()?;
    for space in spaces {
        while db.store().write(move |tx| drop_some(tx, space)).await? {}
    }
    Ok(())
}

/// Deletes some rows of a space; whether more may be left.
fn drop_some(tx: &mut Transaction, space: u32) -> Result<bool, Error> {
    let start = RowKey::space(space);
    let rows = tx.range(&ROWS, ROWS.all().at_least(&RowKey(start.clone()))).take(ROWS_AT_ONCE);
    let keys = rows.map(|row| row.map(|(key, _)| key)).collect::<Result<Vec<_>, _>>()?;
    let more = keys.len() == ROWS_AT_ONCE;
    let mut inside = 0;
    for key in keys.iter().filter(|key| key.0.starts_with(&start)) {
        tx.delete(&ROWS, key)?;
        inside += 1;
    }
    let more = more && inside == ROWS_AT_ONCE;
    if !more {
        tx.delete(&DROPPED, space)?;
    }
    Ok(more)
}
