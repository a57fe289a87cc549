//! `BatchWriteItem`: put and delete many items of several tables.

use super::shared::open_for_items;
use crate::access::Wish;
use crate::engine::{self, Change, Consumed, Direction, NewItem, Write};
use crate::error::Error;
use crate::item_operation::ItemOperation;
use crate::json::{Reader, Target, Writer};
use crate::limits;
use crate::model::{Attributes, Faults, read_attributes};
use crate::request::{self, ReturnCapacity, ReturnMetrics, Word};
use crate::schema::TableRecord;
use crate::service::{DynamoDb, Opened};
use tidegate_core::Context;

/// `BatchWriteItem`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html>
pub struct BatchWriteItem;

/// One request of a batch.
enum Request {
    Put(Attributes),
    Delete(Attributes),
}

/// A whole batch.
#[derive(Default)]
struct Batch {
    tables: Option<Vec<(String, Vec<Request>)>>,
    capacity: Option<String>,
    metrics: Option<String>,
    faults: Faults,
    empty: bool,
}

impl ItemOperation for BatchWriteItem {
    const NAME: &'static str = "BatchWriteItem";
    const ACTION: &'static str = "dynamodb:BatchWriteItem";

    async fn run(db: &DynamoDb, cx: &Context, body: &[u8]) -> Result<Vec<u8>, Error> {
        let mut batch = Batch::default();
        request::read_body(body, |r, name| batch.member(r, &name))?;
        let told = (ReturnCapacity::parse(batch.capacity.as_deref())?, ReturnMetrics::parse(batch.metrics.as_deref())?);
        let tables = batch.checked()?;
        let wants_old = told.0 != ReturnCapacity::None;
        let mut writes = Vec::new();
        for (name, requests) in tables {
            let place = request::place(cx, Some(&name))?;
            let wish = Wish { keys: requests.iter().map(Request::item).collect(), ..Wish::default() };
            let opened = open_for_items(db, cx, Self::ACTION, place, &wish)?;
            writes.push((prepare(&opened.table, requests, wants_old)?, opened));
        }
        let keys: Vec<Vec<Attributes>> =
            writes.iter().map(|(writes, _)| writes.iter().map(|w| w.key.clone()).collect()).collect();
        let opened: Vec<Opened> = writes.iter().map(|(_, opened)| opened.clone()).collect();
        let consumed = write_all(db, writes).await?;
        render(db, &opened, &keys, &consumed, told)
    }
}

impl Request {
    fn item(&self) -> &Attributes {
        match self {
            Request::Put(item) | Request::Delete(item) => item,
        }
    }
}

impl Batch {
    fn member(&mut self, r: &mut Reader<'_>, name: &str) -> Result<(), Error> {
        match name {
            "RequestItems" => {
                let mut tables = Vec::new();
                r.object(Target::Map, |r, table| -> Result<(), Error> {
                    tables.push((table.into_owned(), self.requests(r)?));
                    Ok(())
                })?;
                self.tables = Some(tables);
            }
            "ReturnConsumedCapacity" => self.capacity = request::read_text(r)?,
            "ReturnItemCollectionMetrics" => self.metrics = request::read_text(r)?,
            _ => r.skip()?,
        }
        Ok(())
    }

    fn requests(&mut self, r: &mut Reader<'_>) -> Result<Vec<Request>, Error> {
        let mut requests = Vec::new();
        r.array(|r| -> Result<(), Error> {
            let before = requests.len();
            r.object(Target::Structure, |r, kind| match &*kind {
                "PutRequest" => {
                    requests.push(Request::Put(self.inner(r, "Item")?));
                    Ok(())
                }
                "DeleteRequest" => {
                    requests.push(Request::Delete(self.inner(r, "Key")?));
                    Ok(())
                }
                _ => Ok::<_, Error>(r.skip()?),
            })?;
            // Each entry is one put or one delete.
            self.empty |= requests.len() != before + 1;
            Ok(())
        })?;
        Ok(requests)
    }

    fn inner(&mut self, r: &mut Reader<'_>, member: &str) -> Result<Attributes, Error> {
        let mut found = None;
        r.object(Target::Structure, |r, name| -> Result<(), Error> {
            if name == member {
                found = Some(read_attributes(r, &mut self.faults)?);
                return Ok(());
            }
            Ok(r.skip()?)
        })?;
        found.ok_or(Error::Required(if member == "Item" {
            "RequestItems.Member.PutRequest.Item"
        } else {
            "RequestItems.Member.DeleteRequest.Key"
        }))
    }

    fn checked(mut self) -> Result<Vec<(String, Vec<Request>)>, Error> {
        let tables = self.tables.take().ok_or(Error::Required("RequestItems"))?;
        if tables.is_empty() {
            return Err(request::too_short("RequestItems", 1));
        }
        if tables.iter().any(|(_, requests)| requests.is_empty()) && !self.empty {
            return Err(request::too_short("RequestItems.Member", 1));
        }
        if tables.iter().map(|(_, requests)| requests.len()).sum::<usize>() > limits::BATCH_WRITE_REQUESTS {
            return Err(Error::rule("Too many items requested for the BatchWriteItem call"));
        }
        self.faults.check()?;
        if self.empty {
            let text = "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes";
            return Err(Error::rule(text));
        }
        Ok(tables)
    }
}

/// Checks every request before anything is written.
fn prepare(table: &TableRecord, requests: Vec<Request>, wants_old: bool) -> Result<Vec<Write>, Error> {
    let mut rows = Vec::with_capacity(requests.len());
    let mut writes = Vec::with_capacity(requests.len());
    for request in requests {
        let (key, change) = match request {
            Request::Put(item) => {
                check_put(table, &item)?;
                let key = table.key.of(&item);
                (key, Change::Put(NewItem::new(item)?))
            }
            Request::Delete(key) => {
                table.key.check_key(&key)?;
                (key, Change::Delete)
            }
        };
        rows.push(table.row_key(&key).ok_or(Error::KeyDoesNotMatch)?);
        writes.push(Write { key, change, condition: None, wants_old, show_on_failure: false, legacy: false });
    }
    rows.sort_unstable();
    if rows.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Error::rule("Provided list of item keys contains duplicates"));
    }
    Ok(writes)
}

/// In a batch AWS tells a wrong key of an item as it tells a wrong `Key`.
fn check_put(table: &TableRecord, item: &Attributes) -> Result<(), Error> {
    super::put_item::check_put(table, item).map_err(|error| match error {
        Error::MissingKey(_) | Error::KeyType { .. } => Error::KeyDoesNotMatch,
        other => other,
    })
}

async fn write_all(db: &DynamoDb, writes: Vec<(Vec<Write>, Opened)>) -> Result<Vec<Consumed>, Error> {
    let guard = db.guard();
    let written = db.store().write(move |tx| {
        let mut consumed = Vec::new();
        for (writes, opened) in writes {
            if !guard.is_current(tx, &opened)? {
                return Err(Error::TableChanged);
            }
            let mut sum = Consumed::default();
            for write in writes {
                let plan = engine::plan(tx, &opened.table, write)?;
                sum.add(&engine::apply(tx, &opened.table, plan)?.consumed);
            }
            consumed.push(sum);
        }
        Ok(consumed)
    });
    written.await
}

fn render(
    db: &DynamoDb,
    tables: &[Opened],
    keys: &[Vec<Attributes>],
    consumed: &[Consumed],
    told: (ReturnCapacity, ReturnMetrics),
) -> Result<Vec<u8>, Error> {
    let mut w = Writer::with_capacity(128);
    w.open_object().key("UnprocessedItems").open_object().close_object();
    if told.0 != ReturnCapacity::None {
        w.key("ConsumedCapacity").open_array();
        for (opened, consumed) in tables.iter().zip(consumed) {
            consumed.write(&mut w, &opened.table.name, told.0, Direction::Plain);
        }
        w.close_array();
    }
    if told.1 == ReturnMetrics::Size {
        let snapshot = db.snapshot();
        w.key("ItemCollectionMetrics").open_object();
        for (opened, keys) in tables.iter().zip(keys) {
            if opened.table.indexes_of(false).next().is_some() {
                w.key(&opened.table.name).open_array();
                keys.iter().try_for_each(|key| engine::write_collection(&mut w, &snapshot, &opened.table, key))?;
                w.close_array();
            }
        }
        w.close_object();
    }
    w.close_object();
    Ok(w.into_bytes())
}
