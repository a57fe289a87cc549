//! `GetAlias`: which version an alias stands for.

use super::create_alias::{Output, output};
use super::shared::{Named, load_alias};
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetAlias;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(flatten)]
    named: Named,
    name: String,
}

impl Operation for GetAlias {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetAlias";
    const ACTION: &'static str = "lambda:GetAlias";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        input.named.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = input.named.with(cx, &input.name)?;
        let alias = load_alias(&lambda.store.snapshot(), &function.key, &input.name)?;
        let alias = alias.ok_or_else(|| Error::NoSuchAlias(function.arn()))?;
        Ok(output(&function.key, &input.name, alias))
    }
}
