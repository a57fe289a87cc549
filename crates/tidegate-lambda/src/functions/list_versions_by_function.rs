//! `ListVersionsByFunction`: `$LATEST` and the published versions, page by page.

use super::shared::{Named, Paging, load};
use crate::configuration::{Description, Shown};
use crate::limits::VERSIONS_PAGE_MAX;
use crate::tables::VERSIONS;
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};

pub(crate) struct ListVersionsByFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(flatten)]
    named: Named,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    versions: Vec<Description>,
    next_marker: Option<String>,
}

impl Operation for ListVersionsByFunction {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListVersionsByFunction";
    const ACTION: &'static str = "lambda:ListVersionsByFunction";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        input.named.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = input.named.function(cx)?;
        let snapshot = lambda.store.snapshot();
        let key = &function.key;
        let latest = load(&snapshot, &function)?.latest;
        let latest = (format!("{:020}", 0), latest.describe(key, None, true, Shown::Listed));
        let published = snapshot.scan(&VERSIONS, (&key.0, &key.1, key.2.as_str())).map(|entry| {
            let ((_, _, _, number), configuration) = entry?;
            Ok((format!("{number:020}"), configuration.describe(key, Some(number), true, Shown::Listed)))
        });
        let items = [Ok(latest)].into_iter().chain(published);
        let page = input.paging.page(items, 50, VERSIONS_PAGE_MAX)?;
        Ok(Output { versions: page.items, next_marker: page.next })
    }
}
