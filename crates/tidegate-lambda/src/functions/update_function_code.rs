//! `UpdateFunctionCode`: give `$LATEST` other code, and publish it if wanted.

use super::create_function::Code;
use super::shared::{Named, load, publish};
use crate::configuration::{Configuration, Description, Shown};
use crate::revision::check_revision;
use crate::tables::FUNCTIONS;
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct UpdateFunctionCode;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(flatten)]
    named: Named,
    #[serde(default)]
    publish: bool,
    #[serde(default)]
    dry_run: bool,
    revision_id: Option<String>,
    architectures: Option<Vec<String>>,
    publish_to: Option<String>,
    #[serde(flatten)]
    code: Code,
}

impl Operation for UpdateFunctionCode {
    type Service = Lambda;
    type Input = Input;
    type Output = Description;
    type Error = Error;
    const NAME: &'static str = "UpdateFunctionCode";
    const ACTION: &'static str = "lambda:UpdateFunctionCode";
    const NOT_HONORED: &'static [(&'static str, &'static str)] =
        &[("Architectures", "functions run on the machine's own architecture")];

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        input.named.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Description, Error> {
        let function = input.named.function(cx)?;
        if input.publish_to.is_some() {
            return Err(Error::Unsupported("PublishTo".into()));
        }
        let stored = load(&lambda.store.snapshot(), &function)?;
        check_revision(&stored.latest.revision_id, &input.revision_id)?;
        let package = lambda.packages.add(input.code.archive()?).await?;
        crate::layers::check_size(&package, &stored.latest.settings.layers)?;
        let architecture = input.architectures.and_then(|list| list.into_iter().next());
        let (now_ms, revision_id, published) = (cx.clock().now_ms(), cx.ids().uuid(), cx.ids().uuid());
        let change = move |latest: &mut Configuration| {
            latest.package = package;
            latest.settings.architecture = architecture.unwrap_or(latest.settings.architecture.clone());
            latest.last_modified_ms = now_ms;
            latest.revision_id = revision_id;
            latest.updated = true;
        };
        if input.dry_run {
            let mut latest = stored.latest;
            change(&mut latest);
            return Ok(latest.describe(&function.key, None, false, Shown::Changed));
        }
        let (key, wanted, publishes) = (function.key.clone(), input.revision_id, input.publish);
        let missing = function.not_found();
        let write = move |tx: &mut Transaction| {
            let mut stored = tx.get(&FUNCTIONS, &key)?.ok_or(missing)?;
            check_revision(&stored.latest.revision_id, &wanted)?;
            change(&mut stored.latest);
            tx.put(&FUNCTIONS, &key, &stored)?;
            if !publishes {
                return Ok::<_, Error>((None, stored.latest));
            }
            let (number, version) = publish(tx, &key, &mut stored, None, published)?;
            Ok((Some(number), version))
        };
        let (number, configuration) = lambda.store.write(write).await?;
        lambda.changed(&function.key);
        Ok(configuration.describe(&function.key, number, false, Shown::Changed))
    }
}
