//! `GetLayerVersion`: a layer version, and where its archive can be fetched.

use super::shared::{Named, Output, load};
use crate::{Error, Lambda};
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetLayerVersion;

impl Operation for GetLayerVersion {
    type Service = Lambda;
    type Input = Named;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetLayerVersion";
    const ACTION: &'static str = "lambda:GetLayerVersion";

    fn checks(lambda: &Lambda, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        input.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Named) -> Result<Output, Error> {
        let (key, number) = input.version(cx)?;
        let layer = load(&lambda.store.snapshot(), &key, number)?;
        Ok(Output::new(lambda, cx, &key, number, layer))
    }
}
