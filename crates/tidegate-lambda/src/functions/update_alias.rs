//! `UpdateAlias`: let an alias stand for another version, or for two by weight.

use super::create_alias::{Output, Routing, check_alias, output};
use super::shared::{Named, load_alias};
use crate::revision::check_revision;
use crate::tables::ALIASES;
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct UpdateAlias;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(flatten)]
    named: Named,
    name: String,
    function_version: Option<String>,
    description: Option<String>,
    routing_config: Option<Routing>,
    revision_id: Option<String>,
}

impl Operation for UpdateAlias {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "UpdateAlias";
    const ACTION: &'static str = "lambda:UpdateAlias";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        input.named.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = input.named.with(cx, &input.name)?;
        let (target, name, revision_id) = (function.clone(), input.name.clone(), cx.ids().uuid());
        let write = move |tx: &mut Transaction| {
            let key = &target.key;
            let mut alias = load_alias(tx, key, &input.name)?.ok_or_else(|| Error::NoSuchAlias(target.arn()))?;
            check_revision(&alias.revision_id, &input.revision_id)?;
            alias.version = input.function_version.unwrap_or(alias.version);
            alias.description = input.description.unwrap_or(alias.description);
            alias.weights = input.routing_config.map_or(alias.weights, |routing| routing.additional_version_weights);
            alias.revision_id = revision_id;
            check_alias(tx, key, &alias)?;
            tx.put(&ALIASES, (&key.0, &key.1, key.2.as_str(), input.name.as_str()), &alias)?;
            Ok::<_, Error>(alias)
        };
        let alias = lambda.store.write(write).await?;
        lambda.changed(&function.key);
        Ok(output(&function.key, &name, alias))
    }
}
