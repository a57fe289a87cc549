//! `AddLayerVersionPermission`: let another account use a layer version.

use super::shared::{Named, load, version_arn};
use crate::policy::Permission;
use crate::tables::LAYERS;
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct AddLayerVersionPermission;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(flatten)]
    named: Named,
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
        input.named.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let (key, number) = input.named.version(cx)?;
        let permission = Permission {
            id: input.statement_id,
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
            let mut layer = load(tx, &key, number)?;
            layer.policy.add(statement, &input.revision_id, new_revision)?;
            Ok::<_, Error>(tx.put(&LAYERS, (&key.0, &key.1, key.2.as_str(), number), &layer)?)
        };
        lambda.store.write(write).await?;
        Ok(Output { statement: text, revision_id })
    }
}
