//! `GetLayerVersion`: a layer version, and where its archive can be fetched.

use super::shared::{Output, check, layer_of, load};
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetLayerVersion;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    layer_name: String,
    version_number: u64,
}

impl Operation for GetLayerVersion {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetLayerVersion";
    const ACTION: &'static str = "lambda:GetLayerVersion";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let (layer, _) = layer_of(cx, &input.layer_name)?;
        Ok(vec![check(lambda, Self::ACTION, &layer, input.version_number)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let (key, _) = layer_of(cx, &input.layer_name)?;
        let layer = load(&lambda.store.snapshot(), &key, input.version_number)?.ok_or(Error::NoSuchLayer)?;
        Ok(Output::new(lambda, cx, &key, input.version_number, layer))
    }
}
