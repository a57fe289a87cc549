//! `AddPermission`: let a service, an account or a principal call a function, a version or an alias.

use super::shared::{Named, check_qualifier};
use crate::names::LATEST;
use crate::policy::Permission;
use crate::tables::POLICIES;
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct AddPermission;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(flatten)]
    named: Named,
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
        input.named.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = input.named.function(cx)?;
        if function.qualifier.as_deref() == Some(LATEST) {
            return Err(Error::PolicyForLatest);
        }
        let permission = Permission {
            id: input.statement_id,
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
        let write = move |tx: &mut Transaction| {
            check_qualifier(tx, &target)?;
            let mut policy = tx.get(&POLICIES, target.place())?.unwrap_or_default();
            policy.add(statement, &input.revision_id, revision_id)?;
            Ok::<_, Error>(tx.put(&POLICIES, target.place(), &policy)?)
        };
        lambda.store.write(write).await?;
        lambda.changed(&function.key);
        Ok(Output { statement: text })
    }
}
