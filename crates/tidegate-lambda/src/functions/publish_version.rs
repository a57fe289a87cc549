//! `PublishVersion`: freeze `$LATEST` under a number, unless the newest version is the same.

use super::shared::{Named, publish};
use crate::configuration::{Description, Shown};
use crate::revision::check_revision;
use crate::tables::FUNCTIONS;
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct PublishVersion;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(flatten)]
    named: Named,
    #[serde(rename = "CodeSha256")]
    code_sha256: Option<String>,
    description: Option<String>,
    revision_id: Option<String>,
    publish_to: Option<String>,
}

impl Operation for PublishVersion {
    type Service = Lambda;
    type Input = Input;
    type Output = Description;
    type Error = Error;
    const NAME: &'static str = "PublishVersion";
    const ACTION: &'static str = "lambda:PublishVersion";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        input.named.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Description, Error> {
        let function = input.named.function(cx)?;
        if input.publish_to.is_some() {
            return Err(Error::Unsupported("PublishTo".into()));
        }
        let (key, missing, published) = (function.key.clone(), function.not_found(), cx.ids().uuid());
        let write = move |tx: &mut Transaction| {
            let mut stored = tx.get(&FUNCTIONS, &key)?.ok_or(missing)?;
            check_revision(&stored.latest.revision_id, &input.revision_id)?;
            let current = stored.latest.package.sha256();
            match input.code_sha256.filter(|given| !given.is_empty() && *given != current) {
                Some(given) => Err(Error::CodeSha256(given, current)),
                None => publish(tx, &key, &mut stored, input.description.filter(|d| !d.is_empty()), published),
            }
        };
        let (number, configuration) = lambda.store.write(write).await?;
        lambda.changed(&function.key);
        Ok(configuration.describe(&function.key, Some(number), true, Shown::Read))
    }
}
