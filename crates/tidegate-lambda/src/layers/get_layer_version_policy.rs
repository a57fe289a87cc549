//! `GetLayerVersionPolicy`: the policy of a layer version.

use super::shared::{check, layer_of, load};
use crate::policy::document;
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetLayerVersionPolicy;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    layer_name: String,
    version_number: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    /// The policy as JSON text.
    policy: String,
    revision_id: String,
}

impl Operation for GetLayerVersionPolicy {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetLayerVersionPolicy";
    const ACTION: &'static str = "lambda:GetLayerVersionPolicy";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let (layer, _) = layer_of(cx, &input.layer_name)?;
        Ok(vec![check(lambda, Self::ACTION, &layer, input.version_number)?])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let (key, _) = layer_of(cx, &input.layer_name)?;
        let layer = load(&lambda.store.snapshot(), &key, input.version_number)?.ok_or(Error::NoSuchLayer)?;
        let policy = Some(layer.policy).filter(|policy| !policy.statements.is_empty()).ok_or(Error::NoSuchPolicy)?;
        Ok(Output { policy: document(&policy), revision_id: policy.revision_id })
    }
}
