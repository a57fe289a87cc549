//! `GetFunctionCodeSigningConfig`: the code signing of a function, which has none: AWS answers its name only.

use super::shared::{Named, load};
use crate::{Error, Lambda};
use serde::Serialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetFunctionCodeSigningConfig;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    function_name: String,
}

impl Operation for GetFunctionCodeSigningConfig {
    type Service = Lambda;
    type Input = Named;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetFunctionCodeSigningConfig";
    const ACTION: &'static str = "lambda:GetFunctionCodeSigningConfig";

    fn checks(lambda: &Lambda, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        input.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Named) -> Result<Output, Error> {
        let function = input.function(cx)?;
        load(&lambda.store.snapshot(), &function)?;
        Ok(Output { function_name: function.key.2 })
    }
}
