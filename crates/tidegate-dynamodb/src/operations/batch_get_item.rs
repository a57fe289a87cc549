//! `BatchGetItem`: read many items of several tables by their keys.

use super::get_item::{projection, write_item};
use super::shared::{Single, named, open_for_items};
use crate::access::Wish;
use crate::engine::{Consumed, Direction, read_units};
use crate::error::Error;
use crate::item_operation::ItemOperation;
use crate::json::{Reader, Target, Writer};
use crate::limits;
use crate::model::expression::Projection;
use crate::model::{Attributes, Faults, read_attributes, stored, write_attributes};
use crate::request::{self, ReturnCapacity, Word};
use crate::service::{DynamoDb, Opened};
use crate::tables::{ROWS, RowKey};
use tidegate_core::Context;
use tidegate_store::Snapshot;

/// `BatchGetItem`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html>
pub struct BatchGetItem;

/// What is asked of one table.
struct Part {
    /// The table's name as the request has it.
    table: String,
    keys: Vec<Attributes>,
    single: Single,
    faults: Faults,
    /// Everything but the keys as it was given, for `UnprocessedKeys`.
    rest: serde_json::Map<String, serde_json::Value>,
}

/// A part with its table and rows found.
struct Found {
    opened: Opened,
    rows: Vec<Vec<u8>>,
    projection: Option<Projection>,
}

const MEMBERS: &[&str] = &["ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames", "AttributesToGet"];

impl ItemOperation for BatchGetItem {
    const NAME: &'static str = "BatchGetItem";
    const ACTION: &'static str = "dynamodb:BatchGetItem";

    async fn run(db: &DynamoDb, cx: &Context, body: &[u8]) -> Result<Vec<u8>, Error> {
        let (mut parts, capacity) = read(body)?;
        check_counts(&parts)?;
        let found = parts.iter_mut().map(|part| find(db, cx, part)).collect::<Result<Vec<_>, _>>()?;
        render(&db.snapshot(), &parts, &found, capacity)
    }
}

fn read(body: &[u8]) -> Result<(Vec<Part>, ReturnCapacity), Error> {
    let (mut parts, mut capacity) = (None, None);
    request::read_body(body, |r, name| {
        match &*name {
            "RequestItems" => {
                let mut all = Vec::new();
                r.object(Target::Map, |r, table| -> Result<(), Error> {
                    all.push(read_part(r, table.into_owned())?);
                    Ok(())
                })?;
                parts = Some(all);
            }
            "ReturnConsumedCapacity" => capacity = request::read_text(r)?,
            _ => r.skip()?,
        }
        Ok(())
    })?;
    let parts = parts.ok_or(Error::Required("RequestItems"))?;
    Ok((parts, ReturnCapacity::parse(capacity.as_deref())?))
}

fn read_part(reader: &mut Reader<'_>, table: String) -> Result<Part, Error> {
    let text = reader.raw_value()?;
    let mut part = Part {
        table,
        keys: Vec::new(),
        single: Single::default(),
        faults: Faults::default(),
        rest: Default::default(),
    };
    part.single = Single::read(text.as_bytes(), MEMBERS)?;
    request::read_body(text.as_bytes(), |r, name| {
        if name != "Keys" {
            return Ok(r.skip()?);
        }
        r.array(|r| -> Result<(), Error> {
            part.keys.push(read_attributes(r, &mut part.faults)?);
            Ok(())
        })
    })?;
    part.rest = serde_json::from_str(text).unwrap_or_default();
    part.rest.remove("Keys");
    Ok(part)
}

fn check_counts(parts: &[Part]) -> Result<(), Error> {
    if parts.is_empty() {
        return Err(request::too_short("RequestItems", 1));
    }
    if parts.iter().any(|p| p.keys.is_empty()) {
        return Err(request::too_short("RequestItems.Member.Keys", 1));
    }
    let count: usize = parts.iter().map(|p| p.keys.len()).sum();
    if count > limits::BATCH_GET_KEYS {
        return Err(Error::rule("Too many items requested for the BatchGetItem call"));
    }
    Ok(())
}

fn find(db: &DynamoDb, cx: &Context, part: &mut Part) -> Result<Found, Error> {
    let place = request::place(cx, Some(&part.table))?;
    part.faults.check()?;
    part.single.check_values()?;
    let projection = projection(&mut part.single)?;
    let mut wish = Wish { keys: part.keys.iter().collect(), ..Wish::default() };
    named(&mut wish, None, None, projection.as_ref().map_or(&[], |p| p.paths()));
    let opened = open_for_items(db, cx, BatchGetItem::ACTION, place, &wish)?;
    let mut rows = Vec::with_capacity(part.keys.len());
    for key in &part.keys {
        opened.table.key.check_key(key)?;
        rows.push(opened.table.row_key(key).ok_or(Error::KeyDoesNotMatch)?);
    }
    let mut sorted: Vec<_> = rows.iter().collect();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Error::rule("Provided list of item keys contains duplicates"));
    }
    Ok(Found { opened, rows, projection })
}

fn render(snapshot: &Snapshot, parts: &[Part], found: &[Found], capacity: ReturnCapacity) -> Result<Vec<u8>, Error> {
    let mut w = Writer::with_capacity(4096);
    let (mut bytes, mut consumed) = (0, Vec::new());
    let mut left: Vec<(&Part, &[Attributes])> = Vec::new();
    w.open_object().key("Responses").open_object();
    for (part, found) in parts.iter().zip(found) {
        w.key(&part.table).open_array();
        let mut units = 0.0;
        for (n, row) in found.rows.iter().enumerate() {
            if bytes > limits::BATCH_GET_BYTES {
                left.push((part, &part.keys[n..]));
                break;
            }
            let raw = snapshot.get(&ROWS, &RowKey(row.clone()))?;
            let size = raw.as_ref().map(|raw| stored::size(&raw.0)).transpose()?.unwrap_or(0);
            bytes += size;
            units += read_units(size, part.single.consistent);
            if let Some(raw) = raw {
                write_item(&mut w, &raw.0, found.projection.as_ref())?;
            }
        }
        w.close_array();
        consumed.push((&found.opened.table.name, Consumed::of_table(units)));
    }
    w.close_object();
    write_left(&mut w, &left);
    if capacity != ReturnCapacity::None {
        w.key("ConsumedCapacity").open_array();
        consumed.iter().for_each(|(table, consumed)| consumed.write(&mut w, table, capacity, Direction::Plain));
        w.close_array();
    }
    w.close_object();
    Ok(w.into_bytes())
}

fn write_left(w: &mut Writer, left: &[(&Part, &[Attributes])]) {
    w.key("UnprocessedKeys").open_object();
    for (part, keys) in left {
        w.key(&part.table).open_object();
        w.key("Keys").open_array();
        keys.iter().for_each(|key| write_attributes(w, key));
        w.close_array();
        part.rest.iter().for_each(|(name, value)| w.key(name).raw(&value.to_string()));
        w.close_object();
    }
    w.close_object();
}
