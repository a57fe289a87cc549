//! `ListLayers`: the account's layers with their newest versions, page by page.

use super::shared::{Item, fits, layer_arn};
use crate::functions::Paging;
use crate::limits::PAGE_MAX;
use crate::tables::LAYERS;
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tidegate_core::{Context, Operation};

pub(crate) struct ListLayers;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    compatible_runtime: Option<String>,
    compatible_architecture: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    layers: Vec<Entry>,
    next_marker: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    layer_name: String,
    layer_arn: String,
    latest_matching_version: Item,
}

impl Operation for ListLayers {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListLayers";
    const ACTION: &'static str = "lambda:ListLayers";

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let snapshot = lambda.store.snapshot();
        let mut newest = BTreeMap::new();
        for entry in snapshot.scan(&LAYERS, (&cx.account, &cx.region)) {
            let ((_, _, name, number), layer) = entry?;
            if fits(&layer, &input.compatible_runtime, &input.compatible_architecture) {
                newest.insert(name, (number, layer));
            }
        }
        let items = newest.into_iter().map(|(name, (number, layer))| {
            let key = (cx.account.clone(), cx.region.clone(), name.clone());
            let latest_matching_version = Item::new(&key, number, layer);
            Ok((name.clone(), Entry { layer_name: name, layer_arn: layer_arn(&key), latest_matching_version }))
        });
        let page = input.paging.page(items, PAGE_MAX, PAGE_MAX)?;
        Ok(Output { layers: page.items, next_marker: page.next })
    }
}
