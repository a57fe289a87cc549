//! `TransactGetItems`: read several items as they are at one moment.

use super::get_item::write_item;
use super::shared::{Single, named, open_for_items};
use crate::access::Wish;
use crate::engine::{Consumed, Direction, read_units};
use crate::error::{Cancellation, Error};
use crate::item_operation::ItemOperation;
use crate::json::{Reader, Target, Writer};
use crate::limits;
use crate::model::expression::Projection;
use crate::model::stored;
use crate::request::{self, ReturnCapacity, Word};
use crate::service::{DynamoDb, Opened};
use crate::tables::{ROWS, RowKey};
use std::collections::BTreeMap;
use tidegate_core::Context;
use tidegate_store::Raw;

/// `TransactGetItems`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html>
pub struct TransactGetItems;

const MEMBERS: &[&str] = &["TableName", "Key", "ProjectionExpression", "ExpressionAttributeNames"];

/// One get with its row.
struct Get {
    opened: Opened,
    row: Result<Vec<u8>, Error>,
    projection: Option<Projection>,
}

impl ItemOperation for TransactGetItems {
    const NAME: &'static str = "TransactGetItems";
    const ACTION: &'static str = "dynamodb:GetItem";

    async fn run(db: &DynamoDb, cx: &Context, body: &[u8]) -> Result<Vec<u8>, Error> {
        let (items, capacity) = read(body)?;
        let gets = items.into_iter().map(|single| get(db, cx, single)).collect::<Result<Vec<_>, _>>()?;
        check_rows(&gets)?;
        let snapshot = db.snapshot();
        let mut found = Vec::with_capacity(gets.len());
        for get in &gets {
            let row = get.row.clone()?;
            found.push(snapshot.get(&ROWS, &RowKey(row))?);
        }
        render(&gets, &found, capacity)
    }
}

fn read(body: &[u8]) -> Result<(Vec<Single>, ReturnCapacity), Error> {
    let (mut items, mut capacity) = (None, None);
    request::read_body(body, |r, name| {
        match &*name {
            "TransactItems" => {
                let mut all = Vec::new();
                r.array(|r| -> Result<(), Error> {
                    all.push(read_item(r)?);
                    Ok(())
                })?;
                items = Some(all);
            }
            "ReturnConsumedCapacity" => capacity = request::read_text(r)?,
            _ => r.skip()?,
        }
        Ok(())
    })?;
    let items = items.ok_or(Error::Required("TransactItems"))?;
    match items.len() {
        0 => return Err(request::too_short("TransactItems", 1)),
        n if n > limits::TRANSACTION_ACTIONS => {
            return Err(request::too_long("TransactItems", limits::TRANSACTION_ACTIONS));
        }
        _ => {}
    }
    Ok((items, ReturnCapacity::parse(capacity.as_deref())?))
}

fn read_item(reader: &mut Reader<'_>) -> Result<Single, Error> {
    let mut get = None;
    reader.object(Target::Structure, |r, name| -> Result<(), Error> {
        if name == "Get" {
            get = Some(Single::read_object(r, MEMBERS)?);
            return Ok(());
        }
        Ok(r.skip()?)
    })?;
    get.ok_or(Error::Required("TransactItems.Member.Get"))
}

fn get(db: &DynamoDb, cx: &Context, mut single: Single) -> Result<Get, Error> {
    let place = request::place(cx, single.table.as_deref())?;
    let key = single.key.take().ok_or(Error::Required("TransactItems.Member.Get.Key"))?;
    single.check_values()?;
    let projection = single.expressions.parse(&[])?.projection;
    let mut wish = Wish { keys: vec![&key], enclosing: Some("TransactGetItems"), ..Wish::default() };
    named(&mut wish, None, None, projection.as_ref().map_or(&[], |p| p.paths()));
    let opened = open_for_items(db, cx, TransactGetItems::ACTION, place, &wish)?;
    let row = match opened.table.key.check_key(&key) {
        Err(error @ Error::EmptyKey { .. }) => return Err(error),
        Err(error) => Err(error),
        Ok(()) => opened.table.row_key(&key).ok_or(Error::KeyDoesNotMatch),
    };
    Ok(Get { opened, row, projection })
}

fn check_rows(gets: &[Get]) -> Result<(), Error> {
    if gets.iter().any(|get| get.row.is_err()) {
        let reason =
            |get: &Get| get.row.as_ref().err().map_or(Cancellation::None, |e| Cancellation::Validation(e.to_string()));
        return Err(Error::Canceled(gets.iter().map(reason).collect()));
    }
    let mut rows: Vec<_> = gets.iter().filter_map(|get| get.row.as_ref().ok()).collect();
    rows.sort_unstable();
    if rows.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Error::rule("Transaction request cannot include multiple operations on one item"));
    }
    Ok(())
}

fn render(gets: &[Get], found: &[Option<Raw>], capacity: ReturnCapacity) -> Result<Vec<u8>, Error> {
    let mut w = Writer::with_capacity(1024);
    let mut consumed: BTreeMap<&str, f64> = BTreeMap::new();
    w.open_object().key("Responses").open_array();
    for (get, raw) in gets.iter().zip(found) {
        let size = raw.as_ref().map(|raw| stored::size(&raw.0)).transpose()?.unwrap_or(0);
        *consumed.entry(&get.opened.table.name).or_default() += 2.0 * read_units(size, true);
        w.open_object();
        if let Some(raw) = raw {
            write_item(w.key("Item"), &raw.0, get.projection.as_ref())?;
        }
        w.close_object();
    }
    w.close_array();
    if capacity != ReturnCapacity::None {
        w.key("ConsumedCapacity").open_array();
        for (table, units) in consumed {
            Consumed::of_table(units).write(&mut w, table, capacity, Direction::Read);
        }
        w.close_array();
    }
    w.close_object();
    Ok(w.into_bytes())
}
