//! `AddPermission`: let a service, an account or a principal call a function, a version or an alias.

use super::shared::{check, check_qualifier, check_revision};
use crate::limits::POLICY_BYTES_MAX;
use crate::names::{FunctionRef, LATEST};
use crate::policy::{Permission, document};
use crate::tables::POLICIES;
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct AddPermission;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    function_name: String,
    qualifier: Option<String>,
    statement_id: String,
    action: String,
    principal: String,
    source_arn: Option<String>,
    source_account: Option<String>,
    event_source_token: Option<String>,
    #[serde(rename = "PrincipalOrgID")]
    principal_org_id: Option<String>,
    function_url_auth_type: Option<String>,
    invoked_via_function_url: Option<bool>,
    revision_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    /// The statement as JSON text.
    statement: String,
}

impl Operation for AddPermission {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "AddPermission";
    const ACTION: &'static str = "lambda:AddPermission";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let function = FunctionRef::own(cx, &input.function_name, input.qualifier.as_deref())?;
        Ok(vec![check(lambda, Self::ACTION, &function)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = FunctionRef::own(cx, &input.function_name, input.qualifier.as_deref())?;
        if function.qualifier.as_deref() == Some(LATEST) {
            return Err(Error::PolicyForLatest);
        }
        let permission = Permission {
            id: input.statement_id.clone(),
            principal: input.principal,
            action: input.action,
            resource: function.arn(),
            source_arn: input.source_arn,
            source_account: input.source_account,
            event_source_token: input.event_source_token,
            organization: input.principal_org_id,
            url_auth_type: input.function_url_auth_type,
            via_url: input.invoked_via_function_url,
        };
        let statement = permission.statement()?;
        let text = statement.to_string();
        let (target, revision_id) = (function.clone(), cx.ids().uuid());
        let write = move |tx: &mut Transaction| add(tx, &target, statement, &input.revision_id, revision_id);
        lambda.store.write(write).await?;
        lambda.changed(&function.key);
        Ok(Output { statement: text })
    }
}

fn add(
    tx: &mut Transaction,
    function: &FunctionRef,
    statement: Value,
    wanted: &Option<String>,
    revision_id: String,
) -> Result<(), Error> {
    check_qualifier(tx, function)?;
    let (account, region, name) = &function.key;
    let place = (account, region, name.as_str(), function.stored_qualifier());
    let mut policy = tx.get(&POLICIES, place)?.unwrap_or_default();
    check_revision(&policy.revision_id, wanted)?;
    if policy.statements.iter().any(|other| other["Sid"] == statement["Sid"]) {
        return Err(Error::StatementExists(statement["Sid"].as_str().unwrap_or_default().to_owned()));
    }
    policy.statements.push(statement);
    policy.revision_id = revision_id;
    match document(&policy).len() {
        size if size > POLICY_BYTES_MAX => Err(Error::PolicyTooLong(size)),
        _ => Ok(tx.put(&POLICIES, place, &policy)?),
    }
}
