//! `PutItem`: store an item in place of the one with its key.

use super::shared::{Single, named, open_for_items, render_write, write_members, write_one};
use crate::access::Wish;
use crate::engine::{Change, NewItem, Write};
use crate::error::Error;
use crate::item_operation::ItemOperation;
use crate::model::Attributes;
use crate::request::{self, ReturnCapacity};
use crate::schema::TableRecord;
use crate::service::DynamoDb;
use tidegate_core::Context;

/// `PutItem`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html>
pub struct PutItem;

const MEMBERS: &[&str] = write_members!["Item"];

impl ItemOperation for PutItem {
    const NAME: &'static str = "PutItem";
    const ACTION: &'static str = "dynamodb:PutItem";

    async fn run(db: &DynamoDb, cx: &Context, body: &[u8]) -> Result<Vec<u8>, Error> {
        let mut request = Single::read(body, MEMBERS)?;
        let place = request::place(cx, request.table.as_deref())?;
        let item = request.item.take().ok_or(Error::Required("Item"))?;
        let told = (request.capacity()?, request.metrics()?);
        let (returns, show_on_failure) = (request.return_old()?, request.show_on_failure()?);
        request.check_values()?;
        let new = NewItem::new(item)?;
        let condition = request.condition()?;
        let mut wish = Wish { keys: vec![&new.item], return_values: returns.then_some("ALL_OLD"), ..Wish::default() };
        wish.attributes.extend(new.item.iter().map(|(name, _)| name));
        named(&mut wish, condition.as_ref(), None, &[]);
        let opened = open_for_items(db, cx, Self::ACTION, place, &wish)?;
        check_put(&opened.table, &new.item)?;
        let key = opened.table.key.of(&new.item);
        let wants_old = returns || told.0 != ReturnCapacity::None;
        let change = Change::Put(new);
        let write = Write { key: key.clone(), change, condition, wants_old, show_on_failure, legacy: false };
        let outcome = write_one(db, &opened, write).await?;
        render_write(db, &opened.table, &key, outcome.old.as_ref().filter(|_| returns), told, &outcome)
    }
}

/// Checks an item that is to be put against the keys of table and indexes.
pub fn check_put(table: &TableRecord, item: &Attributes) -> Result<(), Error> {
    table.key.check_item(item)?;
    table.indexes.iter().try_for_each(|index| index.key.check_indexed(&index.name, item))
}
