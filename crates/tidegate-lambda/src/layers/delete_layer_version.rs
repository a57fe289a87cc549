//! `DeleteLayerVersion`: remove a layer version; functions that use it keep it. One that is not there is no mistake.

use super::shared::{check, layer_of};
use crate::functions::Empty;
use crate::tables::LAYERS;
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct DeleteLayerVersion;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    layer_name: String,
    version_number: u64,
}

impl Operation for DeleteLayerVersion {
    type Service = Lambda;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteLayerVersion";
    const ACTION: &'static str = "lambda:DeleteLayerVersion";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let (layer, _) = layer_of(cx, &input.layer_name)?;
        Ok(vec![check(lambda, Self::ACTION, &layer, input.version_number)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Empty, Error> {
        let (account, region, name) = layer_of(cx, &input.layer_name)?.0;
        let key = (account, region, name, input.version_number);
        let write = move |tx: &mut Transaction| Ok::<_, Error>(tx.delete(&LAYERS, &key)?);
        lambda.store.write(write).await?;
        Ok(Empty {})
    }
}
