//! `TransactWriteItems`: several writes and checks, all or none.

mod commit;
mod prepare;
mod read;

use super::shared::Single;
use crate::engine::{self, Direction, Write};
use crate::error::{Cancellation, Error};
use crate::item_operation::ItemOperation;
use crate::json::Writer;
use crate::request::{ReturnCapacity, ReturnMetrics};
use crate::service::{DynamoDb, Opened};
use commit::Committed;
use std::collections::BTreeMap;
use tidegate_core::Context;

/// `TransactWriteItems`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>
pub struct TransactWriteItems;

/// The kinds of action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `ConditionCheck`.
    Check,
    /// `Put`.
    Put,
    /// `Delete`.
    Delete,
    /// `Update`.
    Update,
}

/// An action as given.
pub struct Asked {
    kind: Kind,
    single: Single,
}

/// A whole request as given.
pub struct Request {
    actions: Vec<Asked>,
    token: Option<String>,
    told: (ReturnCapacity, ReturnMetrics),
}

/// An action with its table, checked as far as that goes without the item; what does not fit the table cancels the
/// transaction.
#[derive(Debug)]
pub struct Action {
    opened: Opened,
    write: Result<Write, Cancellation>,
}

impl ItemOperation for TransactWriteItems {
    const NAME: &'static str = "TransactWriteItems";
    const ACTION: &'static str = "dynamodb:PutItem";

    async fn run(db: &DynamoDb, cx: &Context, body: &[u8]) -> Result<Vec<u8>, Error> {
        let request = read::read(body)?;
        let digest = request.token.as_ref().map(|_| read::digest(body)).transpose()?;
        let actions = prepare::prepare(db, cx, request.actions)?;
        let keys: Vec<_> =
            actions.iter().map(|a| (a.opened.clone(), a.write.as_ref().ok().map(|w| w.key.clone()))).collect();
        let token = request.token.zip(digest);
        let committed = commit::commit(db, cx, actions, token).await?;
        let mut w = Writer::with_capacity(128);
        w.open_object();
        write_consumed(&mut w, &committed, request.told.0);
        if request.told.1 == ReturnMetrics::Size {
            w.key("ItemCollectionMetrics").open_object();
            let snapshot = db.snapshot();
            let mut by_table: BTreeMap<String, Vec<_>> = BTreeMap::new();
            for (opened, key) in &keys {
                if let Some(key) = key.as_ref().filter(|_| opened.table.indexes_of(false).next().is_some()) {
                    by_table.entry(opened.table.name.clone()).or_default().push((opened, key));
                }
            }
            for (table, keys) in by_table {
                w.key(&table).open_array();
                keys.iter().try_for_each(|(o, key)| engine::write_collection(&mut w, &snapshot, &o.table, key))?;
                w.close_array();
            }
            w.close_object();
        }
        w.close_object();
        Ok(w.into_bytes())
    }
}

fn write_consumed(w: &mut Writer, committed: &Committed, wanted: ReturnCapacity) {
    if wanted == ReturnCapacity::None {
        return;
    }
    let direction = if committed.replayed { Direction::Read } else { Direction::Write };
    w.key("ConsumedCapacity").open_array();
    committed.consumed.iter().for_each(|(table, consumed)| consumed.write(w, table, wanted, direction));
    w.close_array();
}
