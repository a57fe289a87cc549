//! What `CreateTable` and `UpdateTable` are given, and the rules about it.

use crate::error::Error;
use crate::model::{KeyAttribute, KeySchema, KeyType};
use crate::schema::{Billing, IndexProjection, OnDemand, Throughput};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tidegate_core::Check;
use tidegate_types::{Tags, Timestamp};

/// An attribute's name and type.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AttributeDefinition {
    attribute_name: String,
    attribute_type: String,
}

/// One attribute of a key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeySchemaElement {
    attribute_name: String,
    key_type: String,
}

/// Provisioned units.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ProvisionedThroughput {
    read_capacity_units: u64,
    write_capacity_units: u64,
}

/// Units to be prepared for.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct WarmThroughput {
    read_units_per_second: Option<u64>,
    write_units_per_second: Option<u64>,
}

/// What an index holds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Projection {
    #[serde(skip_serializing_if = "Option::is_none")]
    projection_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    non_key_attributes: Option<Vec<String>>,
}

/// A stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StreamSpecification {
    /// On or off.
    pub stream_enabled: bool,
    /// What records show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_view_type: Option<String>,
}

/// Encryption.
#[derive(Debug, Clone, Deserialize)]
pub struct SseSpecification {
    /// With a KMS key; else with DynamoDB's own.
    #[serde(rename = "Enabled", default)]
    pub enabled: bool,
    /// The key.
    #[serde(rename = "KMSMasterKeyId")]
    pub key: Option<String>,
}

/// A tag.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    key: String,
    value: String,
}

/// Tags as the store keeps them.
pub fn tags(list: Vec<Tag>) -> Tags {
    list.into_iter().map(|tag| (tag.key, tag.value)).collect()
}

/// The check with the condition keys of the tags that a request brings.
pub fn requested(check: Check, tags: &[Tag]) -> Check {
    tags.iter().fold(check, |check, tag| {
        check.with(&format!("aws:RequestTag/{}", tag.key), tag.value.as_str()).with("aws:TagKeys", tag.key.as_str())
    })
}

/// Tags as answers have them.
pub fn tag_list(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() }).collect()
}

impl From<ProvisionedThroughput> for Throughput {
    fn from(given: ProvisionedThroughput) -> Throughput {
        Throughput { read: given.read_capacity_units, write: given.write_capacity_units }
    }
}

impl From<WarmThroughput> for Throughput {
    fn from(given: WarmThroughput) -> Throughput {
        let (read, write) = (given.read_units_per_second, given.write_units_per_second);
        Throughput { read: read.unwrap_or(12_000), write: write.unwrap_or(4_000) }
    }
}

/// Attribute definitions as key attributes; names must differ.
pub fn definitions(given: &[AttributeDefinition]) -> Result<Vec<KeyAttribute>, Error> {
    let mut names = BTreeSet::new();
    if !given.iter().all(|d| names.insert(d.attribute_name.as_str())) {
        return Err(Error::parameter("Cannot have two attributes with the same name"));
    }
    let typed = |d: &AttributeDefinition| {
        let kind = KeyType::from_name(&d.attribute_type).ok_or(Error::NotInEnum(&["B", "N", "S"]))?;
        Ok(KeyAttribute { name: d.attribute_name.clone(), kind })
    };
    given.iter().map(typed).collect()
}

/// Key attributes as attribute definitions.
pub fn definition_list(attributes: &[KeyAttribute]) -> Vec<AttributeDefinition> {
    let listed = |a: &KeyAttribute| AttributeDefinition {
        attribute_name: a.name.clone(),
        attribute_type: a.kind.kind().name().to_owned(),
    };
    attributes.iter().map(listed).collect()
}

fn names(attributes: &[KeyAttribute]) -> String {
    attributes.iter().map(|a| a.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// A key schema from its elements; `parts_max` is how many attributes each half may have.
pub fn key_schema(
    elements: &[KeySchemaElement],
    defined: &[KeyAttribute],
    parts_max: usize,
) -> Result<KeySchema, Error> {
    let hashes = elements.iter().take_while(|e| e.key_type == "HASH").count();
    let rule = |text: &str| Err(Error::built(format!("Invalid KeySchema: {text}")));
    if hashes == 0 {
        return rule("The first KeySchemaElement is not a HASH key type");
    }
    if elements[hashes..].iter().any(|e| e.key_type != "RANGE") || hashes > parts_max {
        return rule("The second KeySchemaElement is not a RANGE key type");
    }
    if elements.len() - hashes > parts_max {
        return rule("Too many RANGE key types");
    }
    let mut seen = BTreeSet::new();
    if !elements.iter().all(|e| seen.insert(e.attribute_name.as_str())) {
        return rule("Both the Hash Key and the Range Key element in the KeySchema have the same name");
    }
    let missing: Vec<&str> =
        elements.iter().map(|e| e.attribute_name.as_str()).filter(|n| !defined.iter().any(|d| d.name == *n)).collect();
    if !missing.is_empty() {
        return Err(Error::parameter(format!(
            "Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], AttributeDefinitions: [{}]",
            missing.join(", "),
            names(defined)
        )));
    }
    let found = |e: &KeySchemaElement| defined.iter().find(|d| d.name == e.attribute_name).cloned();
    Ok(KeySchema {
        partition: elements[..hashes].iter().filter_map(found).collect(),
        sort: elements[hashes..].iter().filter_map(found).collect(),
    })
}

/// A key schema as its elements.
pub fn key_schema_list(key: &KeySchema) -> Vec<KeySchemaElement> {
    let element =
        |a: &KeyAttribute, kind: &str| KeySchemaElement { attribute_name: a.name.clone(), key_type: kind.to_owned() };
    let hashes = key.partition.iter().map(|a| element(a, "HASH"));
    hashes.chain(key.sort.iter().map(|a| element(a, "RANGE"))).collect()
}

/// Complains about attribute definitions that no key uses.
pub fn check_all_used(defined: &[KeyAttribute], keys: &[&KeySchema]) -> Result<(), Error> {
    if defined.iter().all(|d| keys.iter().any(|key| key.contains(&d.name))) {
        return Ok(());
    }
    if keys.len() == 1 {
        return Err(Error::parameter(
            "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",
        ));
    }
    let used: BTreeSet<&str> = keys.iter().flat_map(|k| k.attributes()).map(|a| a.name.as_str()).collect();
    Err(Error::parameter(format!(
        "Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]",
        names(defined),
        used.into_iter().collect::<Vec<_>>().join(", ")
    )))
}

/// What an index holds, from its parameter.
pub fn index_projection(given: &Projection) -> Result<IndexProjection, Error> {
    let names = given.non_key_attributes.clone();
    let kind = given.projection_type.as_deref();
    match (kind, names) {
        (Some("ALL"), None) => Ok(IndexProjection::All),
        (Some("KEYS_ONLY"), None) => Ok(IndexProjection::KeysOnly),
        (Some("INCLUDE"), Some(names)) if !names.is_empty() => Ok(IndexProjection::Include(names)),
        (Some("INCLUDE"), _) => {
            Err(Error::parameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified"))
        }
        (Some(kind @ ("ALL" | "KEYS_ONLY")), Some(_)) => {
            Err(Error::parameter(format!("ProjectionType is {kind}, but NonKeyAttributes is specified")))
        }
        (kind, _) => Err(Error::parameter(format!("Unknown ProjectionType: {}", kind.unwrap_or("null")))),
    }
}

/// An index' projection as its parameter.
pub fn projection_shape(projection: &IndexProjection) -> Projection {
    let (kind, names) = match projection {
        IndexProjection::All => ("ALL", None),
        IndexProjection::KeysOnly => ("KEYS_ONLY", None),
        IndexProjection::Include(names) => ("INCLUDE", Some(names.clone())),
    };
    Projection { projection_type: Some(kind.to_owned()), non_key_attributes: names }
}

/// How the table is paid for, and its units.
pub fn billing(
    mode: Option<&str>,
    given: Option<ProvisionedThroughput>,
    now: Timestamp,
) -> Result<(Billing, Throughput), Error> {
    match (mode.unwrap_or("PROVISIONED"), given) {
        ("PAY_PER_REQUEST", None) => Ok((Billing::PayPerRequest(now), Throughput::default())),
        ("PAY_PER_REQUEST", Some(_)) => Err(Error::parameter(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
        )),
        (_, Some(given)) => Ok((Billing::Provisioned, given.into())),
        (_, None) => Err(Error::parameter(
            "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
        )),
    }
}

/// An index' units, which must go with the table's billing.
pub fn index_throughput(
    index: &str,
    billing: Billing,
    given: Option<ProvisionedThroughput>,
) -> Result<Throughput, Error> {
    match (billing, given) {
        (Billing::PayPerRequest(_), None) => Ok(Throughput::default()),
        (Billing::PayPerRequest(_), Some(_)) => Err(Error::parameter(format!(
            "ProvisionedThroughput should not be specified for index: {index} when BillingMode is PAY_PER_REQUEST"
        ))),
        (Billing::Provisioned, Some(given)) => Ok(given.into()),
        (Billing::Provisioned, None) => {
            Err(Error::parameter(format!("ProvisionedThroughput must be specified for index: {index}")))
        }
    }
}

/// On-demand limits go with on-demand billing only.
pub fn on_demand(billing: Billing, given: Option<OnDemand>) -> Result<Option<OnDemand>, Error> {
    if given.is_some() && billing == Billing::Provisioned {
        return Err(Error::parameter("OnDemandThroughput can only be specified when BillingMode is PAY_PER_REQUEST"));
    }
    Ok(given)
}
