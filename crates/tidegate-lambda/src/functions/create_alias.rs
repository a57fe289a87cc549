//! `CreateAlias`: a name for a version.

use super::shared::{Named, load, load_alias, load_version};
use crate::names::{FunctionKey, LATEST, qualified_arn};
use crate::tables::{ALIASES, Alias};
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::{Snapshot, Transaction};

pub(crate) struct CreateAlias;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(flatten)]
    named: Named,
    name: String,
    function_version: String,
    #[serde(default)]
    description: String,
    routing_config: Option<Routing>,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Routing {
    #[serde(default)]
    pub additional_version_weights: BTreeMap<String, f64>,
}

/// `AliasConfiguration`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    alias_arn: String,
    name: String,
    function_version: String,
    description: String,
    routing_config: Option<Routing>,
    revision_id: String,
}

impl Operation for CreateAlias {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "CreateAlias";
    const ACTION: &'static str = "lambda:CreateAlias";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        input.named.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = input.named.function(cx)?;
        let name = input.name.clone();
        let alias = Alias {
            version: input.function_version,
            description: input.description,
            weights: input.routing_config.unwrap_or_default().additional_version_weights,
            revision_id: cx.ids().uuid(),
        };
        let target = function.clone();
        let write = move |tx: &mut Transaction| {
            let key = &target.key;
            load(tx, &target)?;
            if load_alias(tx, key, &name)?.is_some() {
                return Err(Error::AliasExists(qualified_arn(key, &name)));
            }
            check_alias(tx, key, &alias)?;
            tx.put(&ALIASES, (&key.0, &key.1, key.2.as_str(), name.as_str()), &alias)?;
            Ok(alias)
        };
        let alias = lambda.store.write(write).await?;
        lambda.changed(&function.key);
        Ok(output(&function.key, &input.name, alias))
    }
}

/// Refuses aliases of versions that are not there, and weights that make no sense.
pub(super) fn check_alias(snapshot: &Snapshot, key: &FunctionKey, alias: &Alias) -> Result<(), Error> {
    if alias.weights.len() > 1 {
        return Err(Error::TooManyWeights);
    }
    if let Some((other, weight)) = alias.weights.iter().next() {
        if !(0.0..=1.0).contains(weight) {
            return Err(Error::Weight(*weight));
        }
        if *other == alias.version {
            return Err(Error::SameVersion(other.clone()));
        }
        if *other == LATEST || alias.version == LATEST {
            return Err(Error::WeightedLatest);
        }
    }
    for version in alias.weights.keys().chain([&alias.version]).filter(|version| *version != LATEST) {
        let number = version.parse().ok();
        let found = number.map(|number| load_version(snapshot, key, number)).transpose()?.flatten();
        found.ok_or_else(|| Error::NoSuchFunction(qualified_arn(key, version)))?;
    }
    Ok(())
}

/// The answer's form of an alias.
pub(super) fn output(key: &FunctionKey, name: &str, alias: Alias) -> Output {
    let weights = Some(alias.weights).filter(|weights| !weights.is_empty());
    Output {
        alias_arn: qualified_arn(key, name),
        name: name.to_owned(),
        function_version: alias.version,
        description: alias.description,
        routing_config: weights.map(|additional_version_weights| Routing { additional_version_weights }),
        revision_id: alias.revision_id,
    }
}
