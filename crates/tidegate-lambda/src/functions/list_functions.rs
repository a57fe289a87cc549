//! `ListFunctions`: the account's functions, with all versions if wanted, page by page.

use super::shared::Paging;
use crate::configuration::{Configuration, Description, Shown};
use crate::limits::PAGE_MAX;
use crate::names::FunctionKey;
use crate::tables::{FUNCTIONS, Function, VERSIONS};
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};
use tidegate_store::Snapshot;

pub(crate) struct ListFunctions;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    function_version: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    functions: Vec<Description>,
    next_marker: Option<String>,
}

impl Operation for ListFunctions {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListFunctions";
    const ACTION: &'static str = "lambda:ListFunctions";
    const NOT_HONORED: &'static [(&'static str, &'static str)] =
        &[("MasterRegion", "functions are not replicated to other regions")];

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let snapshot = lambda.store.snapshot();
        let all = input.function_version.is_some();
        let functions = snapshot.scan(&FUNCTIONS, (&cx.account, &cx.region));
        let items = functions.flat_map(|entry| match entry {
            Ok((key, function)) => versions(&snapshot, key, function, all),
            Err(error) => vec![Err(error.into())],
        });
        let page = input.paging.page(items, PAGE_MAX, PAGE_MAX)?;
        Ok(Output { functions: page.items, next_marker: page.next })
    }
}

type Item = Result<(String, Description), Error>;

fn versions(snapshot: &Snapshot, key: FunctionKey, function: Function, all: bool) -> Vec<Item> {
    // The sign between name and version sorts before all that names are made of.
    let item = |number: Option<u64>, configuration: &Configuration| {
        let marker = format!("{}!{:020}", key.2, number.unwrap_or(0));
        Ok((marker, configuration.describe(&key, number, all, Shown::Listed)))
    };
    let mut items = vec![item(None, &function.latest)];
    if all {
        let published = snapshot.scan(&VERSIONS, (&key.0, &key.1, key.2.as_str()));
        items.extend(published.map(|entry| {
            let ((_, _, _, number), configuration) = entry?;
            item(Some(number), &configuration)
        }));
    }
    items
}
