//! What a table is: the record that the store keeps of each.

use crate::model::{AttributeValue, Attributes, KeyAttribute, KeySchema, stored};
use serde::{Deserialize, Serialize};
use tidegate_types::{Tags, Timestamp};

/// A table with everything that is set on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableRecord {
    /// The table's own id, a UUID; a table of the same name that is made later has another.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Grows with every change that item operations must know of.
    pub revision: u64,
    /// When it was made.
    pub created: Timestamp,
    /// Where its items lie.
    pub space: u32,
    /// Its key.
    pub key: KeySchema,
    /// Attributes and types as they were declared.
    pub attributes: Vec<KeyAttribute>,
    /// How it is paid for, and since when.
    pub billing: Billing,
    /// Provisioned units; 0 when on demand.
    pub throughput: Throughput,
    /// Limits of on-demand units.
    #[serde(default)]
    pub on_demand: Option<OnDemand>,
    /// Units that the table is prepared for, if they were asked for.
    #[serde(default)]
    pub warm: Option<Throughput>,
    /// Secondary indexes, in the order in which they were made.
    pub indexes: Vec<IndexRecord>,
    /// The stream, if one is on.
    pub stream: Option<Stream>,
    /// Whether `DeleteTable` is refused.
    pub deletion_protection: bool,
    /// `STANDARD` or `STANDARD_INFREQUENT_ACCESS`, if it was given.
    pub class: Option<String>,
    /// Encryption with a KMS key: its ARN.
    pub encryption: Option<String>,
    /// The attribute with the time at which items expire.
    pub ttl: Option<String>,
    /// Point-in-time recovery: since when, and for how many days.
    pub recovery: Option<Recovery>,
    /// Tags.
    pub tags: Tags,
    /// The resource policy.
    pub policy: Option<Policy>,
}

/// How a table is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Billing {
    /// By provisioned units.
    Provisioned,
    /// By request, since a time.
    PayPerRequest(Timestamp),
}

/// Read and write units for each second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Throughput {
    /// Read units.
    pub read: u64,
    /// Write units.
    pub write: u64,
}

/// Most on-demand units for each second; -1 or none for no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OnDemand {
    /// Read units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_read_request_units: Option<i64>,
    /// Write units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_write_request_units: Option<i64>,
}

/// A stream of item changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    /// What records show: `KEYS_ONLY`, `NEW_IMAGE`, `OLD_IMAGE`, `NEW_AND_OLD_IMAGES`.
    pub view: String,
    /// When it was turned on; its name within the table.
    pub label: String,
}

/// Point-in-time recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// Since when.
    pub since: Timestamp,
    /// For how long back.
    pub days: u32,
}

/// A resource policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The JSON document as it was given.
    pub document: String,
    /// Its revision, changed with each put.
    pub revision: String,
}

/// A secondary index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexRecord {
    /// Its name.
    pub name: String,
    /// Where its entries lie.
    pub space: u32,
    /// Whether it is global; else local.
    pub global: bool,
    /// Its key, without the table's key that follows in every entry.
    pub key: KeySchema,
    /// Whether items that were there before are still being entered; until then it cannot be read.
    #[serde(default)]
    pub building: bool,
    /// What entries hold.
    pub projection: IndexProjection,
    /// Provisioned units; 0 when on demand or local.
    pub throughput: Throughput,
    /// Limits of on-demand units.
    #[serde(default)]
    pub on_demand: Option<OnDemand>,
    /// Units that it is prepared for, if they were asked for.
    #[serde(default)]
    pub warm: Option<Throughput>,
}

/// What an index' entries hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum IndexProjection {
    /// All attributes.
    All,
    /// The keys of index and table.
    KeysOnly,
    /// The keys and these.
    Include(Vec<String>),
}

/// An index entry: its place, its stored form, and its size as DynamoDB counts it.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place.
    pub key: Vec<u8>,
    /// What is stored there.
    pub stored: Vec<u8>,
    /// Its size.
    pub size: usize,
}

impl TableRecord {
    /// The index of this name.
    pub fn index(&self, name: &str) -> Option<&IndexRecord> {
        self.indexes.iter().find(|i| i.name == name)
    }

    /// Indexes of one kind.
    pub fn indexes_of(&self, global: bool) -> impl Iterator<Item = &IndexRecord> {
        self.indexes.iter().filter(move |i| i.global == global)
    }

    /// Keeps the attributes that a key of the table or of an index uses, and takes in those that are new.
    pub fn declare(&mut self, given: &[KeyAttribute]) {
        let new = given.iter().filter(|g| !self.attributes.iter().any(|a| a.name == g.name)).cloned();
        let all: Vec<KeyAttribute> = self.attributes.iter().cloned().chain(new).collect();
        let used =
            |a: &KeyAttribute| self.key.contains(&a.name) || self.indexes.iter().any(|i| i.key.contains(&a.name));
        self.attributes = all.into_iter().filter(used).collect();
    }

    /// The place of an item. `None` if a key attribute is missing.
    pub fn row_key(&self, item: &Attributes) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(64);
        out.extend_from_slice(&self.space.to_be_bytes());
        self.key.encode(item, &mut out)?;
        Some(out)
    }
}

impl IndexRecord {
    /// Whether entries hold the attribute.
    pub fn projects(&self, table: &TableRecord, attribute: &str) -> bool {
        match &self.projection {
            IndexProjection::All => true,
            _ if self.key.contains(attribute) || table.key.contains(attribute) => true,
            IndexProjection::Include(names) => names.iter().any(|n| n == attribute),
            IndexProjection::KeysOnly => false,
        }
    }

    /// Whether an item has what the index sorts by; items without it are not in the index.
    pub fn covers(&self, item: &Attributes) -> bool {
        self.key.attributes().all(|a| {
            let value = item.get(&a.name);
            let empty = matches!(value, Some(AttributeValue::S(s)) if s.is_empty())
                || matches!(value, Some(AttributeValue::B(b)) if b.is_empty());
            value.is_some_and(|v| v.kind() == a.kind.kind()) && !empty
        })
    }

    /// The place of an item's entry; the table's key makes it unique. `None` if a key attribute is missing.
    pub fn row_key(&self, table: &TableRecord, item: &Attributes) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(96);
        out.extend_from_slice(&self.space.to_be_bytes());
        self.key.encode(item, &mut out)?;
        table.key.encode(item, &mut out)?;
        Some(out)
    }

    /// What the index holds of an item, `None` if the item is not in it.
    pub fn entry(&self, table: &TableRecord, item: &Attributes) -> Option<Entry> {
        if !self.covers(item) {
            return None;
        }
        let key = self.row_key(table, item)?;
        if self.projection == IndexProjection::All {
            let size = item.size();
            return Some(Entry { key, stored: stored::encode(item, size), size });
        }
        let shown = item.iter().filter(|(name, _)| self.projects(table, name));
        let shown: Attributes = shown.map(|(name, value)| (name.to_owned(), value.clone())).collect();
        let size = shown.size();
        Some(Entry { key, stored: stored::encode(&shown, size), size })
    }
}
