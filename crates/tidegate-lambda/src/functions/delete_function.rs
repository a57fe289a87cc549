//! `DeleteFunction`: remove a function with all that belongs to it, or one published version.

use super::shared::{Named, load, load_version};
use crate::names::{FunctionKey, FunctionRef, LATEST, Qualifier};
use crate::tables::{ALIASES, EVENT_CONFIGS, EVENTS, FUNCTIONS, NamedKey, POLICIES, RESERVED, VERSIONS};
use crate::{Error, Lambda};
use serde::Serialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::{Table, Transaction, Value};

pub(crate) struct DeleteFunction;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    status_code: u16,
}

impl Operation for DeleteFunction {
    type Service = Lambda;
    type Input = Named;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "DeleteFunction";
    const ACTION: &'static str = "lambda:DeleteFunction";

    fn checks(lambda: &Lambda, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        input.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Named) -> Result<Output, Error> {
        let function = input.function(cx)?;
        if function.qualifier.as_deref() == Some(LATEST) {
            return Err(Error::LatestStays);
        }
        let doomed = function.clone();
        let write = move |tx: &mut Transaction| match doomed.which() {
            Qualifier::Latest => delete_all(tx, &doomed),
            Qualifier::Version(number) => delete_version(tx, &doomed, number),
            Qualifier::Alias(_) => Err(doomed.not_found()),
        };
        lambda.store.write(write).await?;
        lambda.changed(&function.key);
        let arn = crate::names::function_arn(&function.key);
        lambda.executor.retire(&arn, function.qualifier.as_deref());
        if function.qualifier.is_none() {
            // What others may use of the account's pool has changed with it.
            lambda.kept.forget_all();
            lambda.gauges.forget(&function.key);
            lambda.logs.forget(&function.key);
        }
        Ok(Output { status_code: 204 })
    }
}

fn delete_all(tx: &mut Transaction, function: &FunctionRef) -> Result<(), Error> {
    let key = &function.key;
    load(tx, function)?;
    tx.delete(&FUNCTIONS, key)?;
    tx.delete(&RESERVED, key)?;
    tx.delete_prefix(&VERSIONS, (&key.0, &key.1, key.2.as_str()))?;
    sweep(tx, &ALIASES, key, None)?;
    sweep(tx, &POLICIES, key, None)?;
    sweep(tx, &EVENT_CONFIGS, key, None)?;
    sweep(tx, &EVENTS, key, None)
}

fn delete_version(tx: &mut Transaction, function: &FunctionRef, number: u64) -> Result<(), Error> {
    let key = &function.key;
    load_version(tx, key, number)?.ok_or_else(|| function.not_found())?;
    let name = number.to_string();
    let mut pointing = Vec::new();
    for entry in tx.scan(&ALIASES, (&key.0, &key.1, key.2.as_str())) {
        let ((_, _, _, alias_name), alias) = entry?;
        if alias.version == name || alias.weights.contains_key(&name) {
            pointing.push(alias_name);
        }
    }
    if !pointing.is_empty() {
        return Err(Error::AliasesReference(pointing));
    }
    tx.delete(&VERSIONS, (&key.0, &key.1, key.2.as_str(), number))?;
    sweep(tx, &POLICIES, key, Some(&name))?;
    sweep(tx, &EVENT_CONFIGS, key, Some(&name))
}

/// Removes what a table has of a function, or of one of its qualifiers.
pub(super) fn sweep<V: Value>(
    tx: &mut Transaction,
    table: &Table<NamedKey, V>,
    key: &FunctionKey,
    qualifier: Option<&str>,
) -> Result<(), Error> {
    match qualifier {
        Some(qualifier) => tx.delete(table, (&key.0, &key.1, key.2.as_str(), qualifier))?,
        None => drop(tx.delete_prefix(table, (&key.0, &key.1, key.2.as_str()))?),
    }
    Ok(())
}
