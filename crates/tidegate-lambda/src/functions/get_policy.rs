//! `GetPolicy`: the resource policy of a function, a version or an alias.

use super::shared::{Named, check_qualifier};
use crate::policy::document;
use crate::tables::POLICIES;
use crate::{Error, Lambda};
use serde::Serialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetPolicy;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    /// The policy as JSON text.
    policy: String,
    revision_id: String,
}

impl Operation for GetPolicy {
    type Service = Lambda;
    type Input = Named;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetPolicy";
    const ACTION: &'static str = "lambda:GetPolicy";

    fn checks(lambda: &Lambda, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        input.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Named) -> Result<Output, Error> {
        let function = input.function(cx)?;
        let snapshot = lambda.store.snapshot();
        check_qualifier(&snapshot, &function)?;
        let policy = snapshot.get(&POLICIES, function.place())?.ok_or(Error::NoSuchPolicy)?;
        Ok(Output { policy: document(&policy), revision_id: policy.revision_id })
    }
}
