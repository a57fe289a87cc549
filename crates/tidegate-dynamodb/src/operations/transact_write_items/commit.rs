//! Committing a transaction: every action is planned against one state, then all are applied or none.

use super::Action;
use crate::engine::{self, Consumed, Plan, read_units};
use crate::error::{Cancellation, Error};
use crate::limits;
use crate::service::{DynamoDb, Guard};
use crate::tables::{TOKEN_ENDS, TOKENS, TokenRecord};
use std::collections::BTreeMap;
use tidegate_core::Context;
use tidegate_store::Transaction;
use tidegate_types::{AccountId, Region};

/// What a transaction used, by table.
#[derive(Debug, Default)]
pub struct Committed {
    /// Units by table name.
    pub consumed: BTreeMap<String, Consumed>,
    /// Whether it had been done before, under the same token.
    pub replayed: bool,
}

/// A token, whose it is, and what the request looks like.
struct Token {
    key: (AccountId, Region, String),
    digest: String,
    now_ms: u64,
}

/// Does all of it or nothing.
pub async fn commit(
    db: &DynamoDb,
    cx: &Context,
    actions: Vec<Action>,
    token: Option<(String, String)>,
) -> Result<Committed, Error> {
    let token = token.map(|(token, digest)| Token {
        key: (cx.account.clone(), cx.region.clone(), token),
        digest,
        now_ms: cx.clock().now_ms(),
    });
    let guard = db.guard();
    let written = db.store().write(move |tx| {
        if let Some(token) = &token
            && let Some(before) = tx.get(&TOKENS, &token.key)?.filter(|t| t.ends_ms > token.now_ms)
        {
            return replay(before, token);
        }
        let (committed, read_units) = write_all(tx, &guard, actions)?;
        if let Some(token) = token {
            remember(tx, token, read_units)?;
        }
        Ok(committed)
    });
    written.await
}

fn replay(before: TokenRecord, token: &Token) -> Result<Committed, Error> {
    if before.digest != token.digest {
        return Err(Error::TokenReused);
    }
    let consumed = before.read_units.into_iter().map(|(table, units)| (table, Consumed::of_table(units))).collect();
    Ok(Committed { consumed, replayed: true })
}

fn remember(tx: &mut Transaction, token: Token, read_units: BTreeMap<String, f64>) -> Result<(), Error> {
    let ends_ms = token.now_ms + limits::TOKEN_MS;
    let record = TokenRecord { digest: token.digest, ends_ms, read_units: read_units.into_iter().collect() };
    tx.put(&TOKENS, &token.key, &record)?;
    let (account, region, token) = token.key;
    tx.put(&TOKEN_ENDS, &(ends_ms, account, region, token), &())?;
    Ok(())
}

fn write_all(
    tx: &mut Transaction,
    guard: &Guard,
    actions: Vec<Action>,
) -> Result<(Committed, BTreeMap<String, f64>), Error> {
    let mut plans: Vec<(super::Opened, Plan)> = Vec::with_capacity(actions.len());
    let mut reasons = Vec::with_capacity(actions.len());
    for Action { opened, write } in actions {
        if !guard.is_current(tx, &opened)? {
            return Err(Error::TableChanged);
        }
        let planned = match write {
            Ok(write) => canceling(engine::plan(tx, &opened.table, write))?,
            Err(reason) => Err(reason),
        };
        match planned {
            Ok(plan) => {
                plans.push((opened, plan));
                reasons.push(Cancellation::None);
            }
            Err(reason) => reasons.push(reason),
        }
    }
    if reasons.iter().any(|r| *r != Cancellation::None) {
        return Err(Error::Canceled(reasons));
    }
    apply_all(tx, plans)
}

/// Tells what cancels a transaction from what is a fault of the store.
fn canceling(planned: Result<Plan, Error>) -> Result<Result<Plan, Cancellation>, Error> {
    match planned {
        Ok(plan) => Ok(Ok(plan)),
        Err(Error::ConditionFailed(item)) => Ok(Err(Cancellation::ConditionFailed(item))),
        Err(error @ (Error::Store(_) | Error::Damaged)) => Err(error),
        Err(error) => Ok(Err(Cancellation::Validation(error.to_string()))),
    }
}

fn apply_all(
    tx: &mut Transaction,
    plans: Vec<(super::Opened, Plan)>,
) -> Result<(Committed, BTreeMap<String, f64>), Error> {
    let mut committed = Committed::default();
    let mut reads: BTreeMap<String, f64> = BTreeMap::new();
    for (opened, plan) in plans {
        let mut outcome = engine::apply(tx, &opened.table, plan)?;
        // A transaction pays twice for the table's write, not for the indexes'.
        outcome.consumed.table *= 2.0;
        committed.consumed.entry(opened.table.name.clone()).or_default().add(&outcome.consumed);
        let size = outcome.new.as_ref().or(outcome.old.as_ref()).map_or(0, |item| item.size());
        *reads.entry(opened.table.name.clone()).or_default() += 2.0 * read_units(size, true);
    }
    Ok((committed, reads))
}
