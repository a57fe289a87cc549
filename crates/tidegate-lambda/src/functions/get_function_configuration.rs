//! `GetFunctionConfiguration`: a version's configuration.

use super::get_function::{Input, describe};
use super::shared::check;
use crate::configuration::Description;
use crate::names::FunctionRef;
use crate::{Error, Lambda};
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetFunctionConfiguration;

impl Operation for GetFunctionConfiguration {
    type Service = Lambda;
    type Input = Input;
    type Output = Description;
    type Error = Error;
    const NAME: &'static str = "GetFunctionConfiguration";
    const ACTION: &'static str = "lambda:GetFunctionConfiguration";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let function = FunctionRef::own(cx, &input.function_name, input.qualifier.as_deref())?;
        Ok(vec![check(lambda, Self::ACTION, &function)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Description, Error> {
        let function = FunctionRef::own(cx, &input.function_name, input.qualifier.as_deref())?;
        describe(&lambda.store.snapshot(), &function)
    }
}
