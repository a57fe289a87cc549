//! `DeleteTable`: remove a table with its items.

use super::shared::{Named, TableDescription, describe, drop_rows, open};
use crate::error::{Error, Missing};
use crate::service::{DynamoDb, Place};
use crate::tables::{DROPPED, TABLES};
use tidegate_core::{Context, One, Operation};
use tidegate_store::Transaction;

/// `DeleteTable`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html>
pub struct DeleteTable;

impl Operation for DeleteTable {
    type Service = DynamoDb;
    type Input = Named;
    type Output = One<TableDescription>;
    type Error = Error;
    const NAME: &'static str = "DeleteTable";
    const ACTION: &'static str = "dynamodb:DeleteTable";

    fn resource(cx: &Context, input: &Named) -> String {
        input.resource(cx)
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Named) -> Result<One<TableDescription>, Error> {
        let place = input.place(cx)?;
        let opened = open(db, place.clone())?;
        let table_description = describe(db, cx, &place, &opened.table, "DELETING")?;
        db.change_tables(move |tx| remove(tx, &place)).await?;
        drop_rows(db).await?;
        Ok(One("TableDescription", table_description))
    }
}

fn remove(tx: &mut Transaction, place: &Place) -> Result<(), Error> {
    let missing = || Error::NotFound(Missing::Table(place.name.clone()));
    let table = tx.take(&TABLES, place.key())?.ok_or_else(missing)?;
    if table.deletion_protection {
        return Err(Error::rule(
            "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
        ));
    }
    for space in std::iter::once(table.space).chain(table.indexes.iter().map(|i| i.space)) {
        tx.put(&DROPPED, space, &())?;
    }
    Ok(())
}
