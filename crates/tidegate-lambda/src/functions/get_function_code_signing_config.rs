//! `GetFunctionCodeSigningConfig`: the code signing of a function, which has none: AWS answers its name only.

use super::shared::{check, load};
use crate::names::FunctionRef;
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetFunctionCodeSigningConfig;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    function_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    function_name: String,
}

impl Operation for GetFunctionCodeSigningConfig {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetFunctionCodeSigningConfig";
    const ACTION: &'static str = "lambda:GetFunctionCodeSigningConfig";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let function = FunctionRef::own(cx, &input.function_name, None)?;
        Ok(vec![check(lambda, Self::ACTION, &function)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = FunctionRef::own(cx, &input.function_name, None)?;
        load(&lambda.store.snapshot(), &function)?;
        Ok(Output { function_name: function.key.2 })
    }
}
