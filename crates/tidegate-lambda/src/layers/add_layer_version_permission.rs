//! `AddLayerVersionPermission`: let another account use a layer version.

use super::shared::{check, layer_of, load, version_arn};
use crate::limits::POLICY_BYTES_MAX;
use crate::policy::{Permission, document};
use crate::tables::LAYERS;
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct AddLayerVersionPermission;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    layer_name: String,
    version_number: u64,
    statement_id: String,
    action: String,
    principal: String,
    organization_id: Option<String>,
    revision_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    /// The statement as JSON text.
    statement: String,
    revision_id: String,
}

impl Operation for AddLayerVersionPermission {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "AddLayerVersionPermission";
    const ACTION: &'static str = "lambda:AddLayerVersionPermission";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let (layer, _) = layer_of(cx, &input.layer_name)?;
        Ok(vec![check(lambda, Self::ACTION, &layer, input.version_number)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let (key, _) = layer_of(cx, &input.layer_name)?;
        let number = input.version_number;
        let permission = Permission {
            id: input.statement_id.clone(),
            principal: input.principal,
            action: input.action,
            resource: version_arn(&key, number),
            organization: input.organization_id,
            ..Permission::default()
        };
        let statement = permission.statement()?;
        let (text, revision_id) = (statement.to_string(), cx.ids().uuid());
        let new_revision = revision_id.clone();
        let write = move |tx: &mut Transaction| {
            let mut layer = load(tx, &key, number)?.ok_or(Error::NoSuchLayer)?;
            let policy = &mut layer.policy;
            if input.revision_id.is_some_and(|wanted| wanted != policy.revision_id) {
                return Err(Error::Revision);
            }
            if policy.statements.iter().any(|other| other["Sid"] == statement["Sid"]) {
                return Err(Error::StatementExists(input.statement_id));
            }
            policy.statements.push(statement);
            policy.revision_id = new_revision;
            match document(policy).len() {
                size if size > POLICY_BYTES_MAX => Err(Error::PolicyTooLong(size)),
                _ => Ok(tx.put(&LAYERS, (&key.0, &key.1, key.2.as_str(), number), &layer)?),
            }
        };
        lambda.store.write(write).await?;
        Ok(Output { statement: text, revision_id })
    }
}
