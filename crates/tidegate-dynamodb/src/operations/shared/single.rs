//! Requests for one item: reading their members, and doing one write.

use crate::access::{Wish, authorize};
use crate::engine::{self, Outcome, Write};
use crate::error::{Error, Missing};
use crate::json::{Reader, Target, Writer};
use crate::legacy::Legacy;
use crate::model::expression::{Condition, Path, Update};
use crate::model::{Attributes, Faults, read_attributes, write_attributes};
use crate::request::{self, Expressions, OnFailure, ReturnCapacity, ReturnMetrics, ReturnValues, Word};
use crate::schema::TableRecord;
use crate::service::{DynamoDb, Opened, Place};
use std::borrow::Cow;
use tidegate_core::Context;

/// The members of a write of one item: the operation's own, and those that all writes have.
macro_rules! write_members {
    ($($own:literal),+) => {
        &[
            $($own,)+
            "TableName",
            "Expected",
            "ConditionalOperator",
            "ConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "ReturnValues",
            "ReturnConsumedCapacity",
            "ReturnItemCollectionMetrics",
            "ReturnValuesOnConditionCheckFailure",
        ]
    };
}

pub(in crate::operations) use write_members;

/// The members of a request for one item, as given.
#[derive(Debug, Default)]
pub struct Single {
    /// `TableName`.
    pub table: Option<String>,
    /// `Key`.
    pub key: Option<Attributes>,
    /// `Item`.
    pub item: Option<Attributes>,
    /// `ConsistentRead`.
    pub consistent: bool,
    /// Expressions.
    pub expressions: Expressions,
    /// The older parameters.
    pub legacy: Legacy,
    /// Values that are not allowed.
    pub faults: Faults,
    capacity: Option<String>,
    metrics: Option<String>,
    return_values: Option<String>,
    on_failure: Option<String>,
}

impl Single {
    /// Reads a whole body; members that are not in the list are stepped over.
    pub fn read(body: &[u8], members: &[&str]) -> Result<Single, Error> {
        let mut single = Single::default();
        request::read_body(body, |reader, name| single.member(reader, &name, members))?;
        Ok(single)
    }

    /// Reads one structure inside a body.
    pub fn read_object(reader: &mut Reader<'_>, members: &[&str]) -> Result<Single, Error> {
        let mut single = Single::default();
        reader.object(Target::Structure, |r, name: Cow<'_, str>| single.member(r, &name, members))?;
        Ok(single)
    }

    fn member(&mut self, r: &mut Reader<'_>, name: &str, members: &[&str]) -> Result<(), Error> {
        if !members.contains(&name) {
            return Ok(r.skip()?);
        }
        match name {
            "TableName" => self.table = request::read_text(r)?,
            "Key" => self.key = Some(read_attributes(r, &mut self.faults)?),
            "Item" => self.item = Some(read_attributes(r, &mut self.faults)?),
            "ConsistentRead" => self.consistent = r.boolean()?,
            "ReturnConsumedCapacity" => self.capacity = request::read_text(r)?,
            "ReturnItemCollectionMetrics" => self.metrics = request::read_text(r)?,
            "ReturnValues" => self.return_values = request::read_text(r)?,
            "ReturnValuesOnConditionCheckFailure" => self.on_failure = request::read_text(r)?,
            _ if self.expressions.member(r, name)? => {}
            _ if self.legacy.member(r, &mut self.faults, name)? => {}
            _ => r.skip()?,
        }
        Ok(())
    }

    /// `ReturnConsumedCapacity`.
    pub fn capacity(&self) -> Result<ReturnCapacity, Error> {
        ReturnCapacity::parse(self.capacity.as_deref())
    }

    /// `ReturnItemCollectionMetrics`.
    pub fn metrics(&self) -> Result<ReturnMetrics, Error> {
        ReturnMetrics::parse(self.metrics.as_deref())
    }

    /// `ReturnValues`.
    pub fn return_values(&self) -> Result<ReturnValues, Error> {
        ReturnValues::parse(self.return_values.as_deref())
    }

    /// `ReturnValues` of an operation that knows but two: whether the item before is wanted.
    pub fn return_old(&self) -> Result<bool, Error> {
        match self.return_values()? {
            ReturnValues::None => Ok(false),
            ReturnValues::AllOld => Ok(true),
            _ => Err(Error::rule("ReturnValues can only be ALL_OLD or NONE")),
        }
    }

    /// `ReturnValuesOnConditionCheckFailure`.
    pub fn show_on_failure(&self) -> Result<bool, Error> {
        Ok(OnFailure::parse(self.on_failure.as_deref())? == OnFailure::AllOld)
    }

    /// Refuses older parameters beside expressions, then values that are not allowed.
    pub fn check_values(&mut self) -> Result<(), Error> {
        self.expressions.refuse_mix(self.legacy.given())?;
        self.faults.check()
    }

    /// The condition, from either kind of parameter.
    pub fn condition(&mut self) -> Result<Option<Condition>, Error> {
        let parsed = std::mem::take(&mut self.expressions).parse(&["ConditionExpression"])?;
        match parsed.condition {
            Some(condition) => Ok(Some(condition)),
            None => self.legacy.condition(),
        }
    }
}

/// The table for an operation on items, with permission checked.
pub fn open_for_items(
    db: &DynamoDb,
    cx: &Context,
    action: &str,
    place: Place,
    wish: &Wish<'_>,
) -> Result<Opened, Error> {
    let opened = db.open(place.clone())?;
    authorize(cx, action, &place, opened.as_ref(), wish)?;
    opened.ok_or(Error::NotFound(Missing::Resource))
}

/// Does one write in a transaction of its own.
pub async fn write_one(db: &DynamoDb, opened: &Opened, write: Write) -> Result<Outcome, Error> {
    let (guard, opened) = (db.guard(), opened.clone());
    let written = db.store().write(move |tx| {
        if !guard.is_current(tx, &opened)? {
            return Err(Error::TableChanged);
        }
        let plan = engine::plan(tx, &opened.table, write)?;
        engine::apply(tx, &opened.table, plan)
    });
    written.await
}

/// Top-level attributes that a request names, for `dynamodb:Attributes`.
pub fn named<'a>(wish: &mut Wish<'a>, condition: Option<&'a Condition>, update: Option<&'a Update>, paths: &'a [Path]) {
    wish.attributes.extend(condition.into_iter().flat_map(Condition::attributes));
    wish.attributes.extend(update.into_iter().flat_map(Update::attributes));
    wish.attributes.extend(paths.iter().map(|p| p.attribute.as_str()));
}

/// What the answers of writes have in common: the item that is returned, what was used, the collection's size.
pub fn render_write(
    db: &DynamoDb,
    table: &TableRecord,
    key: &Attributes,
    shown: Option<&Attributes>,
    told: (ReturnCapacity, ReturnMetrics),
    outcome: &Outcome,
) -> Result<Vec<u8>, Error> {
    let mut w = Writer::with_capacity(shown.map_or(64, |item| item.size() * 2));
    w.open_object();
    if let Some(item) = shown {
        write_attributes(w.key("Attributes"), item);
    }
    outcome.consumed.write_member(&mut w, &table.name, told.0);
    if told.1 == ReturnMetrics::Size && table.indexes_of(false).next().is_some() {
        w.key("ItemCollectionMetrics");
        engine::write_collection(&mut w, &db.snapshot(), table, key)?;
    }
    w.close_object();
    Ok(w.into_bytes())
}
