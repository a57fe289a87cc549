//! `UpdateFunctionConfiguration`: change the settings of `$LATEST`.

use super::shared::{Named, check, check_role, load, pass_role};
use crate::configuration::{Changes, Description, Shown};
use crate::revision::check_revision;
use crate::tables::FUNCTIONS;
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct UpdateFunctionConfiguration;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(flatten)]
    named: Named,
    revision_id: Option<String>,
    #[serde(flatten)]
    changes: Changes,
}

impl Operation for UpdateFunctionConfiguration {
    type Service = Lambda;
    type Input = Input;
    type Output = Description;
    type Error = Error;
    const NAME: &'static str = "UpdateFunctionConfiguration";
    const ACTION: &'static str = "lambda:UpdateFunctionConfiguration";
    const NOT_HONORED: &'static [(&'static str, &'static str)] = super::create_function::NOT_HONORED;

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let update = check(lambda, Self::ACTION, &input.named.function(cx)?)?;
        let layers = input.changes.layers.iter().flatten();
        let update = layers.fold(update, |check, layer| check.with("lambda:Layer", layer));
        Ok([update].into_iter().chain(input.changes.role.as_deref().map(pass_role)).collect())
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Description, Error> {
        let function = input.named.function(cx)?;
        let stored = load(&lambda.store.snapshot(), &function)?;
        if let Some(role) = input.changes.role.as_deref().filter(|role| *role != stored.latest.settings.role) {
            check_role(lambda, cx, &function.key, role)?;
        }
        let layers = input.changes.layers.as_deref().map(|arns| lambda.layers(cx, arns)).transpose()?;
        let (now_ms, revision_id) = (cx.clock().now_ms(), cx.ids().uuid());
        let (key, missing) = (function.key.clone(), function.not_found());
        let write = move |tx: &mut Transaction| {
            let mut stored = tx.get(&FUNCTIONS, &key)?.ok_or(missing)?;
            let latest = &mut stored.latest;
            check_revision(&latest.revision_id, &input.revision_id)?;
            latest.description = input.changes.description.clone().unwrap_or(latest.description.clone());
            latest.settings = input.changes.apply(latest.settings.clone(), layers)?;
            crate::layers::check_size(&latest.package, &latest.settings.layers)?;
            latest.last_modified_ms = now_ms;
            latest.revision_id = revision_id;
            latest.updated = true;
            tx.put(&FUNCTIONS, &key, &stored)?;
            Ok::<_, Error>(stored.latest)
        };
        let configuration = lambda.store.write(write).await?;
        lambda.changed(&function.key);
        lambda.prepare(&configuration);
        Ok(configuration.describe(&function.key, None, false, Shown::Changed))
    }
}
