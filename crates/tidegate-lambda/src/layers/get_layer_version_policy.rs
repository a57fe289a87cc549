//! `GetLayerVersionPolicy`: the policy of a layer version.

use super::shared::{Named, load};
use crate::policy::document;
use crate::{Error, Lambda};
use serde::Serialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetLayerVersionPolicy;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    /// The policy as JSON text.
    policy: String,
    revision_id: String,
}

impl Operation for GetLayerVersionPolicy {
    type Service = Lambda;
    type Input = Named;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetLayerVersionPolicy";
    const ACTION: &'static str = "lambda:GetLayerVersionPolicy";

    fn checks(lambda: &Lambda, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        input.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Named) -> Result<Output, Error> {
        let (key, number) = input.version(cx)?;
        let layer = load(&lambda.store.snapshot(), &key, number)?;
        let policy = Some(layer.policy).filter(|policy| !policy.statements.is_empty()).ok_or(Error::NoSuchPolicy)?;
        Ok(Output { policy: document(&policy), revision_id: policy.revision_id })
    }
}
