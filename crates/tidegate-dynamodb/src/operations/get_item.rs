//! `GetItem`: read one item by its key.

use super::shared::{Single, named, open_for_items};
use crate::access::Wish;
use crate::engine::{Consumed, read_units};
use crate::error::Error;
use crate::item_operation::ItemOperation;
use crate::json::Writer;
use crate::model::expression::Projection;
use crate::model::{stored, write_attributes};
use crate::request;
use crate::service::DynamoDb;
use crate::tables::{ROWS, RowKey};
use tidegate_core::Context;
use tidegate_store::Raw;

/// `GetItem`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html>
pub struct GetItem;

const MEMBERS: &[&str] = &[
    "TableName",
    "Key",
    "ConsistentRead",
    "ProjectionExpression",
    "ExpressionAttributeNames",
    "AttributesToGet",
    "ReturnConsumedCapacity",
];

impl ItemOperation for GetItem {
    const NAME: &'static str = "GetItem";
    const ACTION: &'static str = "dynamodb:GetItem";

    async fn run(db: &DynamoDb, cx: &Context, body: &[u8]) -> Result<Vec<u8>, Error> {
        let mut request = Single::read(body, MEMBERS)?;
        let place = request::place(cx, request.table.as_deref())?;
        let capacity = request.capacity()?;
        let key = request.key.take().ok_or(Error::Required("Key"))?;
        request.check_values()?;
        let projection = projection(&mut request)?;
        let mut wish = Wish { keys: vec![&key], ..Wish::default() };
        named(&mut wish, None, None, projection.as_ref().map(Projection::paths).unwrap_or_default());
        let opened = open_for_items(db, cx, Self::ACTION, place, &wish)?;
        opened.table.key.check_key(&key)?;
        let row = opened.table.row_key(&key).ok_or(Error::KeyDoesNotMatch)?;
        let found = db.store().read(|s| s.get(&ROWS, &RowKey(row)))?;
        let size = found.as_ref().map(|raw| stored::size(&raw.0)).transpose()?.unwrap_or(0);
        let mut w = Writer::with_capacity(size * 3 / 2 + 128);
        w.open_object();
        if let Some(Raw(raw)) = &found {
            write_item(w.key("Item"), raw, projection.as_ref())?;
        }
        Consumed::of_table(read_units(size, request.consistent)).write_member(&mut w, &opened.table.name, capacity);
        w.close_object();
        Ok(w.into_bytes())
    }
}

/// What a get shows of its item.
pub fn projection(request: &mut Single) -> Result<Option<Projection>, Error> {
    match std::mem::take(&mut request.expressions).parse(&[])?.projection {
        Some(projection) => Ok(Some(projection)),
        None => request.legacy.projection(),
    }
}

/// Writes a stored item, or the wanted parts of it.
pub fn write_item(w: &mut Writer, raw: &[u8], projection: Option<&Projection>) -> Result<(), Error> {
    match projection {
        None => stored::write_json(w, raw)?,
        Some(projection) => write_attributes(w, &projection.apply(&stored::decode(raw)?)),
    }
    Ok(())
}
