//! `GetPolicy`: the resource policy of a function, a version or an alias.

use super::shared::{check, check_qualifier};
use crate::names::FunctionRef;
use crate::policy::document;
use crate::tables::POLICIES;
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetPolicy;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    function_name: String,
    qualifier: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    /// The policy as JSON text.
    policy: String,
    revision_id: String,
}

impl Operation for GetPolicy {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetPolicy";
    const ACTION: &'static str = "lambda:GetPolicy";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let function = FunctionRef::own(cx, &input.function_name, input.qualifier.as_deref())?;
        Ok(vec![check(lambda, Self::ACTION, &function)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = FunctionRef::own(cx, &input.function_name, input.qualifier.as_deref())?;
        let snapshot = lambda.store.snapshot();
        check_qualifier(&snapshot, &function)?;
        let (account, region, name) = &function.key;
        let place = (account, region, name.as_str(), function.stored_qualifier());
        let policy = snapshot.get(&POLICIES, place)?.ok_or(Error::NoSuchPolicy)?;
        Ok(Output { policy: document(&policy), revision_id: policy.revision_id })
    }
}
