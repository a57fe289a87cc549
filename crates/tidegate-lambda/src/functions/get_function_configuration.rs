//! `GetFunctionConfiguration`: a version's configuration.

use super::get_function::describe;
use super::shared::Named;
use crate::configuration::Description;
use crate::{Error, Lambda};
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetFunctionConfiguration;

impl Operation for GetFunctionConfiguration {
    type Service = Lambda;
    type Input = Named;
    type Output = Description;
    type Error = Error;
    const NAME: &'static str = "GetFunctionConfiguration";
    const ACTION: &'static str = "lambda:GetFunctionConfiguration";

    fn checks(lambda: &Lambda, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        input.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Named) -> Result<Description, Error> {
        let function = input.function(cx)?;
        describe(&lambda.store.snapshot(), &function)
    }
}
