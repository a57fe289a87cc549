//! `GetLayerVersionByArn`: a layer version by its ARN.

use super::shared::{Output, check, layer_of, load};
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetLayerVersionByArn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    arn: String,
}

impl Operation for GetLayerVersionByArn {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetLayerVersionByArn";
    const ACTION: &'static str = "lambda:GetLayerVersion";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let (layer, number) = layer_of(cx, &input.arn)?;
        Ok(vec![check(lambda, Self::ACTION, &layer, number.ok_or(Error::NoSuchLayer)?)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let (key, number) = layer_of(cx, &input.arn)?;
        let number = number.ok_or(Error::NoSuchLayer)?;
        let layer = load(&lambda.store.snapshot(), &key, number)?;
        Ok(Output::new(lambda, cx, &key, number, layer))
    }
}
