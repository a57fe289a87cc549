//! Checking a transaction's actions: what breaks the request at once, and what cancels the transaction.

use super::{Action, Asked, Kind};
use crate::access::Wish;
use crate::engine::{Change, NewItem, Write, check_update};
use crate::error::{Cancellation, Error};
use crate::limits;
use crate::model::Attributes;
use crate::model::expression::{Condition, Update};
use crate::operations::put_item::check_put;
use crate::operations::shared::{named, open_for_items};
use crate::request;
use crate::schema::TableRecord;
use crate::service::DynamoDb;
use tidegate_core::Context;

impl Kind {
    fn action(self) -> &'static str {
        match self {
            Kind::Check => "dynamodb:ConditionCheckItem",
            Kind::Put => "dynamodb:PutItem",
            Kind::Delete => "dynamodb:DeleteItem",
            Kind::Update => "dynamodb:UpdateItem",
        }
    }
}

/// Checks all actions and permissions.
pub fn prepare(db: &DynamoDb, cx: &Context, asked: Vec<Asked>) -> Result<Vec<Action>, Error> {
    let actions = asked.into_iter().map(|a| action(db, cx, a)).collect::<Result<Vec<_>, _>>()?;
    check_distinct(&actions)?;
    let size = |action: &Action| match action.write.as_ref().map(|w| &w.change) {
        Ok(Change::Put(new)) => new.item.size(),
        _ => 0,
    };
    if actions.iter().map(size).sum::<usize>() > limits::TRANSACTION_BYTES {
        return Err(Error::rule(
            "Collection size of items in the transaction has exceeded the maximum allowed size of 4MB",
        ));
    }
    Ok(actions)
}

fn check_distinct(actions: &[Action]) -> Result<(), Error> {
    let row = |a: &Action| a.write.as_ref().ok().and_then(|w| a.opened.table.row_key(&w.key));
    let mut rows: Vec<_> = actions.iter().filter_map(row).collect();
    rows.sort_unstable();
    if rows.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Error::rule("Transaction request cannot include multiple operations on one item"));
    }
    Ok(())
}

fn action(db: &DynamoDb, cx: &Context, asked: Asked) -> Result<Action, Error> {
    let Asked { kind, mut single } = asked;
    let place = request::place(cx, single.table.as_deref())?;
    let target = if kind == Kind::Put { single.item.take() } else { single.key.take() };
    let target = target.ok_or(Error::Required(if kind == Kind::Put { "Item" } else { "Key" }))?;
    let show_on_failure = single.show_on_failure()?;
    single.check_values()?;
    let (condition, update) = expressions(kind, &mut single)?;
    let mut wish = Wish { keys: vec![&target], enclosing: Some("TransactWriteItems"), ..Wish::default() };
    named(&mut wish, condition.as_ref(), update.as_ref(), &[]);
    if kind == Kind::Put {
        wish.attributes.extend(target.iter().map(|(name, _)| name));
    }
    let opened = open_for_items(db, cx, kind.action(), place, &wish)?;
    let new = if kind == Kind::Put { Some(NewItem::new(target.clone())?) } else { None };
    let write = match fits(kind, &opened.table, &target, update.as_ref()) {
        // AWS refuses an empty key before the transaction begins.
        Err(error @ Error::EmptyKey { .. }) => return Err(error),
        Err(error) => Err(Cancellation::Validation(error.to_string())),
        Ok(()) => {
            let key = if kind == Kind::Put { opened.table.key.of(&target) } else { target };
            let change = match (kind, new, update) {
                (_, Some(new), _) => Change::Put(new),
                (Kind::Update, _, update) => Change::Update(update.unwrap_or_default()),
                (Kind::Delete, ..) => Change::Delete,
                _ => Change::Check,
            };
            Ok(Write { key, change, condition, wants_old: true, show_on_failure, legacy: false })
        }
    };
    Ok(Action { opened, write })
}

fn expressions(
    kind: Kind,
    single: &mut crate::operations::shared::Single,
) -> Result<(Option<Condition>, Option<Update>), Error> {
    let parsed = std::mem::take(&mut single.expressions).parse(&["UpdateExpression", "ConditionExpression"])?;
    if kind == Kind::Update && parsed.update.is_none() {
        return Err(Error::Required("UpdateExpression"));
    }
    if kind == Kind::Check && parsed.condition.is_none() {
        return Err(Error::Required("ConditionExpression"));
    }
    Ok((parsed.condition, parsed.update))
}

fn fits(kind: Kind, table: &TableRecord, target: &Attributes, update: Option<&Update>) -> Result<(), Error> {
    if kind == Kind::Put {
        return check_put(table, target);
    }
    table.key.check_key(target)?;
    update.map_or(Ok(()), |update| check_update(table, update))
}
