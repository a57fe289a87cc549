//! `DeleteTable`: remove a table with its items.

use super::create_table::table_resource;
use super::shared::{TableDescription, describe, drop_rows, open};
use crate::error::{Error, Missing};
use crate::request::place;
use crate::service::{DynamoDb, Place};
use crate::tables::{DROPPED, TABLES};
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};
use tidegate_store::Transaction;

/// `DeleteTable`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html>
pub struct DeleteTable;

/// Which table.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: String,
}

/// The table as it goes.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    table_description: TableDescription,
}

impl Operation for DeleteTable {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "DeleteTable";
    const ACTION: &'static str = "dynamodb:DeleteTable";

    fn resource(cx: &Context, input: &Input) -> String {
        table_resource(cx, &input.table_name)
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<Output, Error> {
        let place = place(cx, Some(&input.table_name))?;
        let opened = open(db, place.clone())?;
        let table_description = describe(db, cx, &place, &opened.table, "DELETING")?;
        db.change_tables(move |tx| remove(tx, &place)).await?;
        drop_rows(db).await?;
        Ok(Output { table_description })
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
