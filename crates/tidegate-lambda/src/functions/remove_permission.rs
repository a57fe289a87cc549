//! `RemovePermission`: take one statement out of a resource policy.

use super::shared::{Named, check_qualifier};
use crate::names::FunctionRef;
use crate::tables::POLICIES;
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Transaction;

pub(crate) struct RemovePermission;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(flatten)]
    named: Named,
    statement_id: String,
    revision_id: Option<String>,
}

impl Operation for RemovePermission {
    type Service = Lambda;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "RemovePermission";
    const ACTION: &'static str = "lambda:RemovePermission";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        input.named.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Empty, Error> {
        let function = input.named.function(cx)?;
        let (target, revision_id) = (function.clone(), cx.ids().uuid());
        let write = move |tx: &mut Transaction| remove(tx, &target, input, revision_id);
        lambda.store.write(write).await?;
        lambda.changed(&function.key);
        Ok(Empty {})
    }
}

fn remove(tx: &mut Transaction, function: &FunctionRef, input: Input, revision_id: String) -> Result<(), Error> {
    check_qualifier(tx, function)?;
    let place = function.place();
    let mut policy = tx.get(&POLICIES, place)?.ok_or_else(|| Error::NoPolicyFor(function.arn()))?;
    policy.remove(input.statement_id, &input.revision_id, revision_id)?;
    if policy.statements.is_empty() {
        tx.delete(&POLICIES, place)?
    } else {
        tx.put(&POLICIES, place, &policy)?
    }
    Ok(())
}
