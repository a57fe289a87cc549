//! `ListLayerVersions`: a layer's versions, the newest first, page by page.

use super::shared::{Item, fits, layer_arn, layer_of};
use crate::functions::Paging;
use crate::limits::PAGE_MAX;
use crate::tables::LAYERS;
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};

pub(crate) struct ListLayerVersions;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    layer_name: String,
    compatible_runtime: Option<String>,
    compatible_architecture: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    layer_versions: Vec<Item>,
    next_marker: Option<String>,
}

impl Operation for ListLayerVersions {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListLayerVersions";
    const ACTION: &'static str = "lambda:ListLayerVersions";

    fn checks(_: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let (layer, _) = layer_of(cx, &input.layer_name)?;
        Ok(vec![Check::new(Self::ACTION, layer_arn(&layer))])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let (key, _) = layer_of(cx, &input.layer_name)?;
        let snapshot = lambda.store.snapshot();
        let newest_first = snapshot.scan_rev(&LAYERS, (&key.0, &key.1, key.2.as_str()));
        let items = newest_first.filter_map(|entry| match entry {
            Ok((_, layer)) if !fits(&layer, &input.compatible_runtime, &input.compatible_architecture) => None,
            Ok(((_, _, _, number), layer)) => {
                // Markers go up while numbers go down.
                Some(Ok((format!("{:020}", u64::MAX - number), Item::new(&key, number, layer))))
            }
            Err(error) => Some(Err(error.into())),
        });
        let page = input.paging.page(items, PAGE_MAX, PAGE_MAX)?;
        Ok(Output { layer_versions: page.items, next_marker: page.next })
    }
}
