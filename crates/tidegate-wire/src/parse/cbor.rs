//! CBOR bodies of Smithy's RPC v2.

use super::json::seconds;
use crate::AwsErrorParts;
use crate::cbor::{self, Item};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Number, Value};
use tidegate_model::{Kind, Service, Shape, ShapeId, Structure};

type Read<T> = Result<T, AwsErrorParts>;

/// A body that is one structure. No body is an empty one.
pub(super) fn body(service: &Service, input: ShapeId, bytes: &[u8]) -> Read<Value> {
    let item = if bytes.is_empty() { Some(Item::Map(Vec::new())) } else { cbor::read(bytes) };
    let item = item.ok_or_else(|| AwsErrorParts::serialization("The body is not CBOR"))?;
    Reader { service }.value(service.shape(input), item)
}

struct Reader<'s> {
    service: &'s Service,
}

impl Reader<'_> {
    fn value(&self, shape: &Shape, item: Item) -> Read<Value> {
        match (&shape.kind, item) {
            (_, Item::Null) => Ok(Value::Null),
            (Kind::Structure(structure), Item::Map(entries)) => self.structure(structure, entries),
            (Kind::List(of), Item::Array(entries)) => {
                let of = self.service.shape(of.shape);
                entries.into_iter().map(|e| self.value(of, e)).collect::<Read<Vec<_>>>().map(Value::Array)
            }
            (Kind::Map { value, .. }, Item::Map(entries)) => self.map(self.service.shape(value.shape), entries),
            (_, item) => scalar(shape, item),
        }
    }

    fn structure(&self, structure: &Structure, entries: Vec<(String, Item)>) -> Read<Value> {
        let mut members = Map::new();
        for (key, item) in entries {
            if let Some(member) = structure.member(&key).filter(|_| item != Item::Null) {
                members.insert(key, self.value(self.service.shape(member.shape), item)?);
            }
        }
        Ok(Value::Object(members))
    }

    fn map(&self, of: &Shape, entries: Vec<(String, Item)>) -> Read<Value> {
        let entries = entries.into_iter().filter(|(_, item)| *item != Item::Null);
        entries.map(|(key, item)| Ok((key, self.value(of, item)?))).collect::<Read<_>>().map(Value::Object)
    }
}

fn scalar(shape: &Shape, item: Item) -> Read<Value> {
    let value = match (&shape.kind, item) {
        (Kind::String, Item::Text(text)) => Some(text.into()),
        (Kind::Blob, Item::Bytes(bytes)) => Some(STANDARD.encode(bytes).into()),
        (Kind::Boolean, Item::Bool(value)) => Some(value.into()),
        (Kind::Integer, item) => whole(item).and_then(|n| i32::try_from(n).ok()).map(Value::from),
        (Kind::Long, item) => whole(item).map(Value::from),
        (Kind::Float | Kind::Double, item) => real(item),
        (Kind::Timestamp(_), Item::Tagged(1, item)) => number(&item).and_then(seconds).map(Value::Number),
        _ => None,
    };
    value.ok_or_else(|| AwsErrorParts::serialization(format!("Unexpected value type for {}", shape.name)))
}

fn number(item: &Item) -> Option<f64> {
    match item {
        Item::Integer(n) => Some(*n as f64),
        Item::Float(n) => Some(*n),
        _ => None,
    }
}

/// A whole number; clients may write one as a float.
fn whole(item: Item) -> Option<i64> {
    match item {
        Item::Integer(n) => i64::try_from(n).ok(),
        Item::Float(n) if n.fract() == 0.0 && n.abs() < 9e15 => Some(n as i64),
        _ => None,
    }
}

fn real(item: Item) -> Option<Value> {
    let number = number(&item)?;
    Some(match Number::from_f64(number) {
        Some(number) => Value::Number(number),
        None if number.is_nan() => "NaN".into(),
        None if number > 0.0 => "Infinity".into(),
        None => "-Infinity".into(),
    })
}
