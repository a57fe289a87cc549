//! `CreateFunction`: store code and configuration under a name, and publish a version if wanted.

use super::shared::{check_role, pass_role, publish};
use crate::configuration::{Changes, Configuration, Description, Shown};
use crate::limits::{CODE_STORAGE_BYTES_MAX, NAME_MAX, TAGS_MAX};
use crate::names::FunctionRef;
use crate::tables::{FUNCTIONS, Function};
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::{Snapshot, Transaction};
use tidegate_types::{Blob, Tags};

pub(crate) struct CreateFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    function_name: String,
    code: Code,
    #[serde(default)]
    publish: bool,
    package_type: Option<String>,
    #[serde(default)]
    tags: Tags,
    architectures: Option<Vec<String>>,
    code_signing_config_arn: Option<String>,
    publish_to: Option<String>,
    tenancy_config: Option<serde_json::Value>,
    #[serde(flatten)]
    changes: Changes,
}

/// Where code comes from.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Code {
    pub zip_file: Option<Blob>,
    pub s3_bucket: Option<String>,
    pub s3_key: Option<String>,
    pub s3_object_version: Option<String>,
    pub image_uri: Option<String>,
    #[serde(rename = "SourceKMSKeyArn")]
    pub source_kms_key_arn: Option<String>,
}

impl Code {
    /// The archive, if it came inline.
    pub fn archive(self) -> Result<Vec<u8>, Error> {
        let elsewhere = self.s3_bucket.is_some() || self.s3_key.is_some() || self.s3_object_version.is_some();
        match self.zip_file {
            Some(_) if elsewhere || self.image_uri.is_some() => Err(Error::TwoCodes),
            Some(zip) => Ok(zip.0),
            None if elsewhere => Err(Error::Unsupported("Code from S3".into())),
            None if self.image_uri.is_some() => Err(Error::Unsupported("ImageUri".into())),
            None if self.source_kms_key_arn.is_some() => Err(Error::Unsupported("SourceKMSKeyArn".into())),
            None => Err(Error::NoCode),
        }
    }
}

impl Operation for CreateFunction {
    type Service = Lambda;
    type Input = Input;
    type Output = Description;
    type Error = Error;
    const NAME: &'static str = "CreateFunction";
    const ACTION: &'static str = "lambda:CreateFunction";
    const NOT_HONORED: &'static [(&'static str, &'static str)] = NOT_HONORED;

    fn checks(_: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let function = FunctionRef::own(cx, &input.function_name, None)?;
        let mut create = Check::new(Self::ACTION, function.function_arn());
        for (key, value) in &input.tags {
            create = create.with(&format!("aws:RequestTag/{key}"), value).with("aws:TagKeys", key);
        }
        for layer in input.changes.layers.iter().flatten() {
            create = create.with("lambda:Layer", layer);
        }
        Ok(vec![create, pass_role(input.changes.role.as_deref().unwrap_or_default())])
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Description, Error> {
        let function = FunctionRef::own(cx, &input.function_name, None)?;
        check_input(&function, &input)?;
        check_role(lambda, cx, &function.key, input.changes.role.as_deref().unwrap_or_default())?;
        let layers = lambda.layers(cx, input.changes.layers.as_deref().unwrap_or_default())?;
        let architecture = input.architectures.and_then(|list| list.into_iter().next());
        let architecture = architecture.unwrap_or_else(|| "x86_64".into());
        let description = input.changes.description.clone().unwrap_or_default();
        let settings = input.changes.create(&function.key.2, architecture, layers)?;
        if lambda.store.snapshot().contains(&FUNCTIONS, &function.key)? {
            return Err(Error::FunctionExists(function.key.2));
        }
        let package = lambda.packages.add(input.code.archive()?).await?;
        crate::layers::check_size(&package, &settings.layers)?;
        check_storage(&lambda.store.snapshot(), cx, package.size_bytes)?;
        let revision_id = cx.ids().uuid();
        let last_modified_ms = cx.clock().now_ms();
        let latest = Configuration { description, settings, package, last_modified_ms, revision_id, updated: false };
        let (key, published) = (function.key.clone(), cx.ids().uuid());
        let stored = Function { latest, next_version: 1, tags: input.tags };
        let wants_version = input.publish;
        let write = move |tx: &mut Transaction| create(tx, &key, stored, wants_version.then_some(published));
        let (number, configuration) = lambda.store.write(write).await?;
        lambda.changed(&function.key);
        lambda.prepare(&configuration);
        Ok(configuration.describe(&function.key, number, false, Shown::Created))
    }
}

/// Members that are stored and answered, with why they change nothing here.
pub(super) const NOT_HONORED: &[(&str, &str)] = &[
    ("VpcConfig", "functions have no network interface of a VPC"),
    ("KMSKeyArn", "variables are not encrypted in the store"),
    ("SnapStart", "environments are started, not restored"),
    ("TracingConfig", "no segments are written yet; the header is passed on"),
    ("Architectures", "functions run on the machine's own architecture"),
];

fn check_input(function: &FunctionRef, input: &Input) -> Result<(), Error> {
    let name = &function.key.2;
    if name.len() > NAME_MAX {
        return Err(Error::TooLong(name.clone(), "functionName", NAME_MAX));
    }
    let unsupported = [
        (input.package_type.as_deref() == Some("Image"), "PackageType Image"),
        (input.code_signing_config_arn.as_ref().is_some_and(|arn| !arn.is_empty()), "CodeSigningConfigArn"),
        (input.publish_to.is_some(), "PublishTo"),
        (input.tenancy_config.is_some(), "TenancyConfig"),
    ];
    if let Some((_, member)) = unsupported.into_iter().find(|(given, _)| *given) {
        return Err(Error::Unsupported(member.into()));
    }
    if input.tags.len() > TAGS_MAX { Err(Error::TooManyTags) } else { Ok(()) }
}

/// Refuses code that is too much for the account.
fn check_storage(snapshot: &Snapshot, cx: &Context, more_bytes: u64) -> Result<(), Error> {
    let mut stored_bytes = more_bytes;
    for entry in snapshot.scan(&FUNCTIONS, (&cx.account, &cx.region)) {
        stored_bytes += entry?.1.latest.package.size_bytes;
    }
    if stored_bytes > CODE_STORAGE_BYTES_MAX { Err(Error::CodeStorage) } else { Ok(()) }
}

fn create(
    tx: &mut Transaction,
    key: &crate::names::FunctionKey,
    mut function: Function,
    published: Option<String>,
) -> Result<(Option<u64>, Configuration), Error> {
    if tx.contains(&FUNCTIONS, key)? {
        return Err(Error::FunctionExists(key.2.clone()));
    }
    tx.put(&FUNCTIONS, key, &function)?;
    match published {
        Some(revision_id) => {
            let (number, version) = publish(tx, key, &mut function, None, revision_id)?;
            Ok((Some(number), version))
        }
        None => Ok((None, function.latest)),
    }
}
