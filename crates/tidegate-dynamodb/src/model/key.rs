//! Key schemas, and keys as bytes whose order is the order in which a query gives items.

use super::{AttributeValue, Attributes, Type};
use crate::error::Error;
use crate::limits;
use serde::{Deserialize, Serialize};

/// The types that key attributes may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the API's own names")]
pub enum KeyType {
    S,
    N,
    B,
}

impl KeyType {
    /// As a value's type.
    pub fn kind(self) -> Type {
        match self {
            KeyType::S => Type::S,
            KeyType::N => Type::N,
            KeyType::B => Type::B,
        }
    }

    /// The type of this descriptor.
    pub fn from_name(name: &str) -> Option<KeyType> {
        [KeyType::S, KeyType::N, KeyType::B].into_iter().find(|k| k.kind().name() == name)
    }
}

/// An attribute of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyAttribute {
    /// Its name.
    pub name: String,
    /// The type that its values must have.
    pub kind: KeyType,
}

/// The key of a table or index. A table has one partition and at most one sort attribute; an index may have up to four
/// of each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySchema {
    /// What an item's place follows from.
    pub partition: Vec<KeyAttribute>,
    /// What items of one place are ordered by.
    pub sort: Vec<KeyAttribute>,
}

impl KeySchema {
    /// All attributes: partition first.
    pub fn attributes(&self) -> impl Iterator<Item = &KeyAttribute> {
        self.partition.iter().chain(&self.sort)
    }

    /// How many attributes.
    pub fn len(&self) -> usize {
        self.partition.len() + self.sort.len()
    }

    /// Never: a schema has a partition attribute.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the attribute belongs to the key.
    pub fn contains(&self, name: &str) -> bool {
        self.attributes().any(|a| a.name == name)
    }

    /// The key's attributes out of an item; those that are missing stay away.
    pub fn of(&self, item: &Attributes) -> Attributes {
        let pairs = self.attributes().filter_map(|a| item.get(&a.name).map(|v| (a.name.clone(), v.clone())));
        pairs.collect()
    }

    /// Checks a `Key` parameter: exactly the key's attributes, of their types, not empty, not too large.
    pub fn check_key(&self, key: &Attributes) -> Result<(), Error> {
        if key.len() != self.len() {
            return Err(Error::KeyDoesNotMatch);
        }
        let fits = |a: &KeyAttribute| key.get(&a.name).is_some_and(|v| v.kind() == a.kind.kind());
        if !self.attributes().all(fits) {
            return Err(Error::KeyDoesNotMatch);
        }
        self.check_values(key)
    }

    /// Checks the key's attributes in an item that is to be put.
    pub fn check_item(&self, item: &Attributes) -> Result<(), Error> {
        for attribute in self.attributes() {
            let value = item.get(&attribute.name).ok_or_else(|| Error::MissingKey(attribute.name.clone()))?;
            if value.kind() != attribute.kind.kind() {
                let (expected, actual) = (attribute.kind.kind(), value.kind());
                return Err(Error::KeyType { name: attribute.name.clone(), expected, actual });
            }
        }
        self.check_values(item)
    }

    fn check_values(&self, item: &Attributes) -> Result<(), Error> {
        for attribute in self.attributes() {
            if let Some(kind) = item.get(&attribute.name).and_then(empty) {
                return Err(Error::EmptyKey { name: attribute.name.clone(), kind });
            }
        }
        let size = |all: &[KeyAttribute]| {
            all.iter().filter_map(|a| item.get(&a.name)).map(AttributeValue::size).sum::<usize>()
        };
        if size(&self.partition) > limits::PARTITION_KEY_BYTES {
            return Err(Error::PartitionKeyTooLarge);
        }
        if size(&self.sort) > limits::SORT_KEY_BYTES { Err(Error::SortKeyTooLarge) } else { Ok(()) }
    }

    /// Checks an index' key attributes in an item: those that are there must have their types and not be empty.
    pub fn check_indexed(&self, index: &str, item: &Attributes) -> Result<(), Error> {
        for attribute in self.attributes() {
            let Some(value) = item.get(&attribute.name) else { continue };
            let (name, index) = (attribute.name.clone(), index.to_owned());
            if value.kind() != attribute.kind.kind() {
                let (expected, actual) = (attribute.kind.kind(), value.kind());
                return Err(Error::IndexKeyType { index, name, expected, actual });
            }
            if let Some(kind) = empty(value) {
                return Err(Error::EmptyIndexKey { index, name, kind });
            }
            let limit =
                if self.sort.contains(attribute) { limits::SORT_KEY_BYTES } else { limits::PARTITION_KEY_BYTES };
            if value.size() > limit {
                return Err(if limit == limits::SORT_KEY_BYTES {
                    Error::SortKeyTooLarge
                } else {
                    Error::PartitionKeyTooLarge
                });
            }
        }
        Ok(())
    }

    /// The partition's bytes: its hash, then its values. `None` if an attribute is missing.
    pub fn encode_partition(&self, item: &Attributes, out: &mut Vec<u8>) -> Option<()> {
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        for attribute in &self.partition {
            encode_scalar(item.get(&attribute.name)?, out);
        }
        let hash = partition_hash(&out[start + 4..]);
        out[start..start + 4].copy_from_slice(&hash.to_be_bytes());
        Some(())
    }

    /// The whole key's bytes. `None` if an attribute is missing.
    pub fn encode(&self, item: &Attributes, out: &mut Vec<u8>) -> Option<()> {
        self.encode_partition(item, out)?;
        for attribute in &self.sort {
            encode_scalar(item.get(&attribute.name)?, out);
        }
        Some(())
    }
}

fn empty(value: &AttributeValue) -> Option<Type> {
    match value {
        AttributeValue::S(text) if text.is_empty() => Some(Type::S),
        AttributeValue::B(bytes) if bytes.is_empty() => Some(Type::B),
        _ => None,
    }
}

/// Spreads partitions, so that a scan visits them in no order and segments are of about one size. Stored: must never
/// change. (FNV-1a with the finishing steps of MurmurHash3.)
pub fn partition_hash(encoded: &[u8]) -> u32 {
    let mut hash =
        encoded.iter().fold(0x811c_9dc5u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

/// Appends a key value's ordered form, which ends by itself. Values of other types never reach this and count as null.
pub fn encode_scalar(value: &AttributeValue, out: &mut Vec<u8>) {
    match value {
        AttributeValue::N(number) => number.encode_key(out),
        other => {
            encode_prefix(other, out);
            out.extend_from_slice(&[0, 0]);
        }
    }
}

/// Appends what every text or byte string that begins with the value begins with.
pub fn encode_prefix(value: &AttributeValue, out: &mut Vec<u8>) {
    let bytes = match value {
        AttributeValue::S(text) => text.as_bytes(),
        AttributeValue::B(bytes) => bytes,
        _ => &[],
    };
    for byte in bytes {
        out.push(*byte);
        // The end is 00 00, so a zero inside must look larger.
        if *byte == 0 {
            out.push(0xff);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        encode_scalar(&AttributeValue::B(bytes.to_vec()), &mut out);
        out
    }

    proptest! {
        #[test]
        fn bytes_keep_their_order(
            a in prop::collection::vec(prop_oneof![Just(0u8), Just(1), Just(255), any::<u8>()], 0..6),
            b in prop::collection::vec(prop_oneof![Just(0u8), Just(1), Just(255), any::<u8>()], 0..6),
        ) {
            prop_assert_eq!(key(&a).cmp(&key(&b)), a.cmp(&b));
            let mut prefix = Vec::new();
            encode_prefix(&AttributeValue::B(b.clone()), &mut prefix);
            prop_assert_eq!(key(&a).starts_with(&prefix), a.starts_with(&b));
        }
    }

    #[test]
    fn hashes_are_forever() {
        assert_eq!((partition_hash(b""), partition_hash(b"ITEM\0\0")), (FOREVER_EMPTY, FOREVER_ITEM));
    }

    const FOREVER_EMPTY: u32 = 2_872_998_923;
    const FOREVER_ITEM: u32 = 507_612_043;
}
