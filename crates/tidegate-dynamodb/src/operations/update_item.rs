//! `UpdateItem`: change attributes of one item, or make it.

use super::shared::{Single, named, open_for_items, render_write, write_members, write_one};
use crate::access::Wish;
use crate::engine::{Change, Outcome, Write, check_update};
use crate::error::Error;
use crate::item_operation::ItemOperation;
use crate::model::Attributes;
use crate::model::expression::{Condition, Projection, Update};
use crate::request::{self, ReturnCapacity, ReturnValues, Word};
use crate::service::DynamoDb;
use tidegate_core::Context;

/// `UpdateItem`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html>
pub struct UpdateItem;

const MEMBERS: &[&str] = write_members!["Key", "AttributeUpdates", "UpdateExpression"];

impl ItemOperation for UpdateItem {
    const NAME: &'static str = "UpdateItem";
    const ACTION: &'static str = "dynamodb:UpdateItem";

    async fn run(db: &DynamoDb, cx: &Context, body: &[u8]) -> Result<Vec<u8>, Error> {
        let mut request = Single::read(body, MEMBERS)?;
        let place = request::place(cx, request.table.as_deref())?;
        let key = request.key.take().ok_or(Error::Required("Key"))?;
        let told = (request.capacity()?, request.metrics()?);
        let (returns, show_on_failure) = (request.return_values()?, request.show_on_failure()?);
        request.check_values()?;
        let (condition, update, legacy) = changes(&mut request)?;
        let return_values = (returns != ReturnValues::None).then(|| returns.word());
        let mut wish = Wish { keys: vec![&key], return_values, ..Wish::default() };
        wish.attributes.extend(key.iter().map(|(name, _)| name));
        named(&mut wish, condition.as_ref(), Some(&update), &[]);
        let opened = open_for_items(db, cx, Self::ACTION, place, &wish)?;
        opened.table.key.check_key(&key)?;
        check_update(&opened.table, &update)?;
        let paths = Projection::of_paths(update.actions.iter().map(|a| a.path().clone()).collect());
        let wants_old = told.0 != ReturnCapacity::None;
        let change = Change::Update(update);
        let write = Write { key: key.clone(), change, condition, wants_old, show_on_failure, legacy };
        let outcome = write_one(db, &opened, write).await?;
        let shown = shown(returns, &outcome, &paths);
        render_write(db, &opened.table, &key, shown.as_ref(), told, &outcome)
    }
}

/// Condition and update, and whether they came as the older parameters.
fn changes(request: &mut Single) -> Result<(Option<Condition>, Update, bool), Error> {
    let users = &["UpdateExpression", "ConditionExpression"];
    let parsed = std::mem::take(&mut request.expressions).parse(users)?;
    let condition = match parsed.condition {
        Some(condition) => Some(condition),
        None => request.legacy.condition()?,
    };
    match parsed.update {
        Some(update) => Ok((condition, update, false)),
        None => Ok((condition, request.legacy.update()?.unwrap_or_default(), true)),
    }
}

fn shown(returns: ReturnValues, outcome: &Outcome, paths: &Projection) -> Option<Attributes> {
    let parts = |item: &Option<Attributes>| item.as_ref().map(|i| paths.apply(i)).filter(|i| !i.is_empty());
    match returns {
        ReturnValues::None => None,
        ReturnValues::AllOld => outcome.old.clone(),
        ReturnValues::AllNew => outcome.new.clone(),
        ReturnValues::UpdatedOld => parts(&outcome.old),
        ReturnValues::UpdatedNew => parts(&outcome.new),
    }
}
