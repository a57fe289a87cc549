//! `DeleteAlias`: remove an alias with its policy. One that is not there is no mistake.

use super::delete_function::sweep;
use super::shared::{Named, load};
use crate::tables::{ALIASES, EVENT_CONFIGS, POLICIES};
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Transaction;

pub(crate) struct DeleteAlias;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(flatten)]
    named: Named,
    name: String,
}

impl Operation for DeleteAlias {
    type Service = Lambda;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteAlias";
    const ACTION: &'static str = "lambda:DeleteAlias";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        input.named.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Empty, Error> {
        let function = input.named.function(cx)?;
        let target = function.clone();
        let write = move |tx: &mut Transaction| {
            load(tx, &target)?;
            sweep(tx, &ALIASES, &target.key, Some(&input.name))?;
            sweep(tx, &POLICIES, &target.key, Some(&input.name))?;
            sweep(tx, &EVENT_CONFIGS, &target.key, Some(&input.name))
        };
        lambda.store.write(write).await?;
        lambda.changed(&function.key);
        Ok(Empty {})
    }
}
