//! Which rows a query or scan visits, as ranges of row keys.

use crate::error::Error;
use crate::model::expression::{Comparator, KeyCondition, KeyTest};
use crate::model::{AttributeValue, KeyAttribute, KeySchema, Type, encode_prefix, encode_scalar};

/// Row keys from `start` on, up to but without `end`; no end means to the end of all rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The first key.
    pub start: Vec<u8>,
    /// The first key behind.
    pub end: Option<Vec<u8>>,
}

impl Span {
    /// All keys that begin so.
    fn prefix(prefix: Vec<u8>) -> Span {
        Span { end: behind(&prefix), start: prefix }
    }

    /// Whether the key lies in it.
    pub fn contains(&self, key: &[u8]) -> bool {
        key >= self.start.as_slice() && self.end.as_ref().is_none_or(|end| key < end.as_slice())
    }
}

/// The first key behind all that begin with the prefix.
fn behind(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|b| *b != 0xff)?;
    let mut end = prefix[..=last].to_vec();
    end[last] += 1;
    Some(end)
}

/// All rows of a space.
pub fn whole_span(space: u32) -> Span {
    Span::prefix(space.to_be_bytes().to_vec())
}

/// One segment of a parallel scan: an equal share of the partitions' hashes.
pub fn segment_span(space: u32, segment: u64, total: u64) -> Span {
    let bound = |n: u64| {
        let hash = ((1u64 << 32) * n).div_ceil(total.max(1));
        u32::try_from(hash).ok().map(|hash| [space.to_be_bytes(), hash.to_be_bytes()].concat())
    };
    let end = bound(segment + 1).or_else(|| behind(&space.to_be_bytes()));
    Span { start: bound(segment).unwrap_or_default(), end }
}

/// The rows that a key condition means.
pub fn query_span(space: u32, key: &KeySchema, condition: &KeyCondition) -> Result<Span, Error> {
    check_shape(key, condition)?;
    let mut prefix = space.to_be_bytes().to_vec();
    let mut partition = Vec::new();
    for attribute in &key.partition {
        encode_scalar(equal(attribute, condition)?, &mut partition);
    }
    prefix.extend_from_slice(&crate::model::partition_hash(&partition).to_be_bytes());
    prefix.extend_from_slice(&partition);
    let mut sorts = key.sort.iter();
    for attribute in sorts.by_ref() {
        match condition.test(&attribute.name) {
            Some(KeyTest::Compare(Comparator::Equal, value)) => encode_scalar(value, &mut prefix),
            Some(test) => {
                no_more(sorts.as_slice(), condition)?;
                return Ok(tested(prefix, test));
            }
            None => {
                no_more(sorts.as_slice(), condition)?;
                break;
            }
        }
    }
    Ok(Span::prefix(prefix))
}

/// Only the last of the sort attributes that are tested may be tested for more than equality.
fn no_more(rest: &[KeyAttribute], condition: &KeyCondition) -> Result<(), Error> {
    let more = rest.iter().any(|a| condition.test(&a.name).is_some());
    if more { Err(Error::rule("Query key condition not supported")) } else { Ok(()) }
}

fn equal<'a>(attribute: &KeyAttribute, condition: &'a KeyCondition) -> Result<&'a AttributeValue, Error> {
    match condition.test(&attribute.name) {
        Some(KeyTest::Compare(Comparator::Equal, value)) => Ok(value),
        Some(_) => Err(Error::rule("Query key condition not supported")),
        None => Err(missed(attribute)),
    }
}

fn missed(attribute: &KeyAttribute) -> Error {
    Error::built(format!("Query condition missed key schema element: {}", attribute.name))
}

fn check_shape(key: &KeySchema, condition: &KeyCondition) -> Result<(), Error> {
    if condition.tests.len() > key.len().max(2) {
        return Err(Error::rule("Conditions can be of length 1 or 2 only"));
    }
    for attribute in &key.partition {
        equal(attribute, condition)?;
    }
    for (name, test) in &condition.tests {
        let Some(attribute) = key.attributes().find(|a| a.name == *name) else {
            return Err(match key.sort.first() {
                Some(sort) => missed(sort),
                None => Error::rule("Query key condition not supported"),
            });
        };
        check_values(attribute, test)?;
    }
    Ok(())
}

fn check_values(attribute: &KeyAttribute, test: &KeyTest) -> Result<(), Error> {
    for value in test.values() {
        if value.kind() != attribute.kind.kind() {
            return Err(Error::parameter("Condition parameter type does not match schema type"));
        }
        let empty = matches!(value, AttributeValue::S(s) if s.is_empty())
            || matches!(value, AttributeValue::B(b) if b.is_empty());
        if empty {
            return Err(Error::EmptyKey { name: attribute.name.clone(), kind: value.kind() });
        }
    }
    let number = matches!(test, KeyTest::BeginsWith(value) if value.kind() == Type::N);
    if number { Err(Error::rule("Query key condition not supported")) } else { Ok(()) }
}

fn tested(prefix: Vec<u8>, test: &KeyTest) -> Span {
    let with = |value: &AttributeValue| {
        let mut key = prefix.clone();
        encode_scalar(value, &mut key);
        key
    };
    // Rows that go on behind the value (index entries do) belong to the value.
    let behind_value = |value: &AttributeValue| behind(&with(value));
    let end = behind(&prefix);
    match test {
        KeyTest::Compare(Comparator::Less, value) => Span { end: Some(with(value)), start: prefix },
        KeyTest::Compare(Comparator::LessOrEqual, value) => Span { end: behind_value(value), start: prefix },
        KeyTest::Compare(Comparator::Greater, value) => Span { start: behind_value(value).unwrap_or_default(), end },
        KeyTest::Compare(Comparator::GreaterOrEqual, value) => Span { start: with(value), end },
        KeyTest::Compare(_, value) => Span::prefix(with(value)),
        KeyTest::Between(low, high) => Span { start: with(low), end: behind_value(high) },
        KeyTest::BeginsWith(start) => {
            let mut key = prefix.clone();
            encode_prefix(start, &mut key);
            Span::prefix(key)
        }
    }
}
