//! Names of layers, their stored versions, and their answers.

use crate::code::Package;
use crate::configuration::LayerRef;
use crate::limits::{LAYERS_MAX, UNZIPPED_BYTES_MAX};
use crate::names::FunctionKey;
use crate::policy::document;
use crate::tables::{LAYERS, Layer};
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use tidegate_core::{Check, Context};
use tidegate_store::Snapshot;
use tidegate_types::{Arn, Timestamp};

/// The layer behind a name or an ARN of the caller's account; its version if the ARN has one.
pub(super) fn layer_of(cx: &Context, text: &str) -> Result<(FunctionKey, Option<u64>), Error> {
    let own = |name: &str| (cx.account.clone(), cx.region.clone(), name.to_owned());
    if !text.starts_with("arn:") {
        return Ok((own(text), None));
    }
    let arn: Arn = text.parse().map_err(|_| Error::NoSuchLayer)?;
    if arn.region() != cx.region.as_str() {
        return Err(Error::ForeignRegion(arn.region().to_owned(), cx.region.to_string()));
    }
    let account = arn.account().parse().map_err(|_| Error::NoSuchLayer)?;
    let parts: Vec<&str> = arn.resource().split(':').collect();
    match parts[..] {
        ["layer", name] => Ok(((account, cx.region.clone(), name.to_owned()), None)),
        ["layer", name, version] => {
            let version = version.parse().map_err(|_| Error::NoSuchLayer)?;
            Ok(((account, cx.region.clone(), name.to_owned()), Some(version)))
        }
        _ => Err(Error::NoSuchLayer),
    }
}

pub(super) fn layer_arn((account, region, name): &FunctionKey) -> String {
    Arn::new("lambda", region, account, format_args!("layer:{name}")).to_string()
}

pub(super) fn version_arn(key: &FunctionKey, number: u64) -> String {
    format!("{}:{number}", layer_arn(key))
}

pub(super) fn load(snapshot: &Snapshot, key: &FunctionKey, number: u64) -> Result<Layer, Error> {
    find(snapshot, key, number)?.ok_or(Error::NoSuchLayer)
}

fn find(snapshot: &Snapshot, key: &FunctionKey, number: u64) -> Result<Option<Layer>, Error> {
    Ok(snapshot.get(&LAYERS, (&key.0, &key.1, key.2.as_str(), number))?)
}

/// The layer version that a request is about.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Named {
    layer_name: String,
    version_number: u64,
}

impl Named {
    /// The layer and the version's number.
    pub fn version(&self, cx: &Context) -> Result<(FunctionKey, u64), Error> {
        Ok((layer_of(cx, &self.layer_name)?.0, self.version_number))
    }

    /// What the caller must be allowed to do.
    pub fn checks(&self, lambda: &Lambda, cx: &Context, action: &str) -> Result<Vec<Check>, Error> {
        let (key, number) = self.version(cx)?;
        Ok(vec![check(lambda, action, &key, number)?])
    }
}

/// A check of an action on a layer version, with its policy.
pub(super) fn check(lambda: &Lambda, action: &str, key: &FunctionKey, number: u64) -> Result<Check, Error> {
    let layer = find(&lambda.store.snapshot(), key, number)?;
    let policy = layer.map(|layer| layer.policy).filter(|policy| !policy.statements.is_empty());
    Ok(Check::new(action, version_arn(key, number)).resource_policy(policy.map(|policy| document(&policy))))
}

/// `LayerVersionsListItem`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Item {
    layer_version_arn: String,
    pub version: u64,
    description: String,
    created_date: String,
    compatible_runtimes: Option<Vec<String>>,
    license_info: Option<String>,
    compatible_architectures: Option<Vec<String>>,
}

impl Item {
    pub fn new(key: &FunctionKey, number: u64, layer: Layer) -> Item {
        Item {
            layer_version_arn: version_arn(key, number),
            version: number,
            description: layer.description,
            created_date: Timestamp::from_ms(layer.created_ms).iso8601_offset(),
            compatible_runtimes: layer.runtimes,
            license_info: layer.license,
            compatible_architectures: layer.architectures,
        }
    }
}

/// `GetLayerVersionResponse`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    content: Content,
    layer_arn: String,
    #[serde(flatten)]
    item: Item,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    location: String,
    #[serde(rename = "CodeSha256")]
    code_sha256: String,
    code_size: u64,
}

impl Output {
    pub fn new(lambda: &Lambda, cx: &Context, key: &FunctionKey, number: u64, layer: Layer) -> Output {
        Output {
            content: Content {
                location: lambda.packages.location(&layer.package, cx.clock().now_ms()),
                code_sha256: layer.package.sha256(),
                code_size: layer.package.size_bytes,
            },
            layer_arn: layer_arn(key),
            item: Item::new(key, number, layer),
        }
    }
}

/// Whether a layer fits what a list asks for.
pub(super) fn fits(layer: &Layer, runtime: &Option<String>, architecture: &Option<String>) -> bool {
    let holds = |list: &Option<Vec<String>>, wanted: &Option<String>| {
        wanted.as_ref().is_none_or(|wanted| list.as_ref().is_some_and(|list| list.contains(wanted)))
    };
    holds(&layer.runtimes, runtime) && holds(&layer.architectures, architecture)
}

impl Lambda {
    /// The layers that a function names, in their order.
    pub(crate) fn layers(&self, cx: &Context, arns: &[String]) -> Result<Vec<LayerRef>, Error> {
        if arns.len() > LAYERS_MAX {
            return Err(Error::TooManyLayers);
        }
        let snapshot = self.store.snapshot();
        let mut seen: HashMap<FunctionKey, &String> = HashMap::new();
        let mut layers = Vec::new();
        for arn in arns {
            let missing = || Error::LayerMissing(arn.clone());
            let (key, number) = layer_of(cx, arn)?;
            let number = number.ok_or_else(missing)?;
            if key.0 != cx.account {
                cx.authorize(&check(self, "lambda:GetLayerVersion", &key, number)?).map_err(|_| missing())?;
            }
            let layer = find(&snapshot, &key, number)?.ok_or_else(missing)?;
            if let Some(first) = seen.insert(key, arn) {
                return Err(Error::LayerTwice(first.clone(), arn.clone()));
            }
            layers.push(LayerRef { arn: arn.clone(), package: layer.package });
        }
        Ok(layers)
    }
}

/// Refuses code and layers that are too large together.
pub(crate) fn check_size(package: &Package, layers: &[LayerRef]) -> Result<(), Error> {
    let bytes = package.unzipped_bytes + layers.iter().map(|layer| layer.package.unzipped_bytes).sum::<u64>();
    if bytes > UNZIPPED_BYTES_MAX { Err(Error::WithLayersTooLarge(bytes)) } else { Ok(()) }
}
