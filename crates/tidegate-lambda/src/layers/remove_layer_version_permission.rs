//! `RemoveLayerVersionPermission`: take one statement out of a layer version's policy.

use super::shared::{check, layer_of, load};
use crate::functions::Empty;
use crate::tables::LAYERS;
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct RemoveLayerVersionPermission;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    layer_name: String,
    version_number: u64,
    statement_id: String,
    revision_id: Option<String>,
}

impl Operation for RemoveLayerVersionPermission {
    type Service = Lambda;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "RemoveLayerVersionPermission";
    const ACTION: &'static str = "lambda:RemoveLayerVersionPermission";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let (layer, _) = layer_of(cx, &input.layer_name)?;
        Ok(vec![check(lambda, Self::ACTION, &layer, input.version_number)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Empty, Error> {
        let (key, _) = layer_of(cx, &input.layer_name)?;
        let (number, new_revision) = (input.version_number, cx.ids().uuid());
        let write = move |tx: &mut Transaction| {
            let mut layer = load(tx, &key, number)?.ok_or(Error::NoSuchLayer)?;
            let policy = &mut layer.policy;
            if input.revision_id.is_some_and(|wanted| wanted != policy.revision_id) {
                return Err(Error::Revision);
            }
            let before = policy.statements.len();
            policy.statements.retain(|statement| statement["Sid"] != input.statement_id);
            if policy.statements.len() == before {
                return Err(Error::NoSuchStatement(input.statement_id));
            }
            policy.revision_id = new_revision;
            Ok(tx.put(&LAYERS, (&key.0, &key.1, key.2.as_str(), number), &layer)?)
        };
        lambda.store.write(write).await?;
        Ok(Empty {})
    }
}
