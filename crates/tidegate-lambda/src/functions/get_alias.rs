//! `GetAlias`: which version an alias stands for.

use super::create_alias::{Output, output};
use super::shared::{check, load_alias};
use crate::names::FunctionRef;
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetAlias;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    function_name: String,
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
        Ok(vec![check(lambda, Self::ACTION, &FunctionRef::own(cx, &input.function_name, None)?)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = FunctionRef::own(cx, &input.function_name, Some(&input.name))?;
        let alias = load_alias(&lambda.store.snapshot(), &function.key, &input.name)?;
        let alias = alias.ok_or_else(|| Error::NoSuchAlias(function.arn()))?;
        Ok(output(&function.key, &input.name, alias))
    }
}
