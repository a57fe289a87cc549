//! `DeleteLayerVersion`: remove a layer version; functions that use it keep it. One that is not there is no mistake.

use super::shared::Named;
use crate::tables::LAYERS;
use crate::{Error, Lambda};
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Transaction;

pub(crate) struct DeleteLayerVersion;

impl Operation for DeleteLayerVersion {
    type Service = Lambda;
    type Input = Named;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteLayerVersion";
    const ACTION: &'static str = "lambda:DeleteLayerVersion";

    fn checks(lambda: &Lambda, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        input.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Named) -> Result<Empty, Error> {
        let ((account, region, name), number) = input.version(cx)?;
        let key = (account, region, name, number);
        let write = move |tx: &mut Transaction| Ok::<_, Error>(tx.delete(&LAYERS, &key)?);
        lambda.store.write(write).await?;
        Ok(Empty {})
    }
}
