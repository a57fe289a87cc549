//! `ListAliases`: a function's aliases, or those of one version, page by page.

use super::create_alias::{Output as Entry, output};
use super::shared::{Named, Paging, load};
use crate::limits::PAGE_MAX;
use crate::tables::{ALIASES, Alias};
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};

pub(crate) struct ListAliases;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(flatten)]
    named: Named,
    function_version: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    aliases: Vec<Entry>,
    next_marker: Option<String>,
}

impl Operation for ListAliases {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListAliases";
    const ACTION: &'static str = "lambda:ListAliases";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        input.named.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = input.named.function(cx)?;
        let snapshot = lambda.store.snapshot();
        load(&snapshot, &function)?;
        let key = &function.key;
        let wanted = |alias: &Alias| {
            input.function_version.as_ref().is_none_or(|v| alias.version == *v || alias.weights.contains_key(v))
        };
        let entries = snapshot.scan(&ALIASES, (&key.0, &key.1, key.2.as_str()));
        let items = entries.filter(|entry| entry.as_ref().map_or(true, |(_, alias)| wanted(alias))).map(|entry| {
            let ((_, _, _, name), alias) = entry?;
            let shown = output(key, &name, alias);
            Ok((name, shown))
        });
        let page = input.paging.page(items, PAGE_MAX, PAGE_MAX)?;
        Ok(Output { aliases: page.items, next_marker: page.next })
    }
}
