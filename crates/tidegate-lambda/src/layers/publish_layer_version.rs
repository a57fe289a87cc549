//! `PublishLayerVersion`: store an archive as a layer's next version.

use super::shared::{Output, layer_arn, layer_of};
use crate::functions::Code;
use crate::tables::{LAYER_NUMBERS, LAYERS, Layer, Policy};
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct PublishLayerVersion;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    layer_name: String,
    #[serde(default)]
    description: String,
    content: Code,
    compatible_runtimes: Option<Vec<String>>,
    compatible_architectures: Option<Vec<String>>,
    license_info: Option<String>,
}

impl Operation for PublishLayerVersion {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "PublishLayerVersion";
    const ACTION: &'static str = "lambda:PublishLayerVersion";

    fn checks(_: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let (layer, _) = layer_of(cx, &input.layer_name)?;
        Ok(vec![Check::new(Self::ACTION, layer_arn(&layer))])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let (key, _) = layer_of(cx, &input.layer_name)?;
        if key.0 != cx.account {
            return Err(Error::ForeignAccount(input.layer_name));
        }
        let layer = Layer {
            description: input.description,
            package: lambda.packages.add(input.content.archive()?).await?,
            runtimes: input.compatible_runtimes,
            architectures: input.compatible_architectures,
            license: input.license_info,
            created_ms: cx.clock().now_ms(),
            policy: Policy::default(),
        };
        let place = key.clone();
        let write = move |tx: &mut Transaction| {
            let number = tx.get(&LAYER_NUMBERS, &place)?.unwrap_or(0) + 1;
            tx.put(&LAYER_NUMBERS, &place, &number)?;
            tx.put(&LAYERS, (&place.0, &place.1, place.2.as_str(), number), &layer)?;
            Ok::<_, Error>((number, layer))
        };
        let (number, layer) = lambda.store.write(write).await?;
        Ok(Output::new(lambda, cx, &key, number, layer))
    }
}
