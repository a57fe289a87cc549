//! `RemovePermission`: take one statement out of a resource policy.

use super::shared::{Empty, check, check_qualifier, check_revision};
use crate::names::FunctionRef;
use crate::tables::POLICIES;
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct RemovePermission;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    function_name: String,
    qualifier: Option<String>,
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
        let function = FunctionRef::own(cx, &input.function_name, input.qualifier.as_deref())?;
        Ok(vec![check(lambda, Self::ACTION, &function)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Empty, Error> {
        let function = FunctionRef::own(cx, &input.function_name, input.qualifier.as_deref())?;
        let (target, revision_id) = (function.clone(), cx.ids().uuid());
        let write = move |tx: &mut Transaction| remove(tx, &target, input, revision_id);
        lambda.store.write(write).await?;
        lambda.changed(&function.key);
        Ok(Empty {})
    }
}

fn remove(tx: &mut Transaction, function: &FunctionRef, input: Input, revision_id: String) -> Result<(), Error> {
    check_qualifier(tx, function)?;
    let (account, region, name) = &function.key;
    let place = (account, region, name.as_str(), function.stored_qualifier());
    let mut policy = tx.get(&POLICIES, place)?.ok_or_else(|| Error::NoPolicyFor(function.arn()))?;
    check_revision(&policy.revision_id, &input.revision_id)?;
    let before = policy.statements.len();
    policy.statements.retain(|statement| statement["Sid"] != input.statement_id);
    if policy.statements.len() == before {
        return Err(Error::NoSuchStatement(input.statement_id));
    }
    policy.revision_id = revision_id;
    if policy.statements.is_empty() {
        tx.delete(&POLICIES, place)?
    } else {
        tx.put(&POLICIES, place, &policy)?
    }
    Ok(())
}
