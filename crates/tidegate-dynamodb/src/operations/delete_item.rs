//! `DeleteItem`: remove one item by its key.

use super::shared::{Single, named, open_for_items, render_write, write_members, write_one};
use crate::access::Wish;
use crate::engine::{Change, Write};
use crate::error::Error;
use crate::item_operation::ItemOperation;
use crate::request::{self, ReturnCapacity};
use crate::service::DynamoDb;
use tidegate_core::Context;

/// `DeleteItem`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html>
pub struct DeleteItem;

const MEMBERS: &[&str] = write_members!["Key"];

impl ItemOperation for DeleteItem {
    const NAME: &'static str = "DeleteItem";
    const ACTION: &'static str = "dynamodb:DeleteItem";

    async fn run(db: &DynamoDb, cx: &Context, body: &[u8]) -> Result<Vec<u8>, Error> {
        let mut request = Single::read(body, MEMBERS)?;
        let place = request::place(cx, request.table.as_deref())?;
        let key = request.key.take().ok_or(Error::Required("Key"))?;
        let told = (request.capacity()?, request.metrics()?);
        let (returns, show_on_failure) = (request.return_old()?, request.show_on_failure()?);
        request.check_values()?;
        let condition = request.condition()?;
        let mut wish = Wish { keys: vec![&key], return_values: returns.then_some("ALL_OLD"), ..Wish::default() };
        named(&mut wish, condition.as_ref(), None, &[]);
        let opened = open_for_items(db, cx, Self::ACTION, place, &wish)?;
        opened.table.key.check_key(&key)?;
        let wants_old = returns || told.0 != ReturnCapacity::None;
        let change = Change::Delete;
        let write = Write { key: key.clone(), change, condition, wants_old, show_on_failure, legacy: false };
        let outcome = write_one(db, &opened, write).await?;
        render_write(db, &opened.table, &key, outcome.old.as_ref().filter(|_| returns), told, &outcome)
    }
}
