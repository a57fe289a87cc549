//! `RemoveLayerVersionPermission`: take one statement out of a layer version's policy.

use super::shared::{Named, load};
use crate::tables::LAYERS;
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Transaction;

pub(crate) struct RemoveLayerVersionPermission;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(flatten)]
    named: Named,
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
        input.named.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Empty, Error> {
        let (key, number) = input.named.version(cx)?;
        let new_revision = cx.ids().uuid();
        let write = move |tx: &mut Transaction| {
            let mut layer = load(tx, &key, number)?;
            layer.policy.remove(input.statement_id, &input.revision_id, new_revision)?;
            Ok::<_, Error>(tx.put(&LAYERS, (&key.0, &key.1, key.2.as_str(), number), &layer)?)
        };
        lambda.store.write(write).await?;
        Ok(Empty {})
    }
}
