//! Answers of Smithy's RPC v2: CBOR bodies.

use super::{Answer, scalar};
use crate::Call;
use crate::cbor::{self, Item};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use tidegate_model::{Kind, Service, Shape};

pub(super) fn answer(call: &Call, output: &Value) -> Answer {
    let mut answer = Answer::new(call.operation.status);
    answer.header("smithy-protocol", "rpc-v2-cbor");
    match call.operation.output {
        Some(id) => answer.typed("application/cbor", cbor::write(&item(call.service, call.service.shape(id), output))),
        None => answer,
    }
}

/// A document's value as a data item.
pub(super) fn item(service: &Service, shape: &Shape, value: &Value) -> Item {
    match (&shape.kind, value) {
        (_, Value::Null) => Item::Null,
        (Kind::Structure(structure), Value::Object(object)) => {
            let there = structure.members.iter().filter_map(|m| Some((m, object.get(m.name)?)));
            let there = there.filter(|(_, value)| !value.is_null());
            Item::Map(
                there.map(|(m, value)| (m.name.to_owned(), item(service, service.shape(m.shape), value))).collect(),
            )
        }
        (Kind::List(of), Value::Array(entries)) => {
            let of = service.shape(of.shape);
            Item::Array(entries.iter().map(|entry| item(service, of, entry)).collect())
        }
        (Kind::Map { value: of, .. }, Value::Object(entries)) => {
            let of = service.shape(of.shape);
            Item::Map(entries.iter().map(|(key, value)| (key.clone(), item(service, of, value))).collect())
        }
        (Kind::Blob, Value::String(text)) => Item::Bytes(STANDARD.decode(text).unwrap_or_default()),
        (Kind::Timestamp(_), Value::Number(_)) => Item::Tagged(1, Box::new(number(value))),
        (Kind::Integer | Kind::Long, Value::Number(_)) => {
            scalar::whole(value).map_or(Item::Null, |n| Item::Integer(n.into()))
        }
        (Kind::Float | Kind::Double, value) => Item::Float(real(value)),
        (_, value) => plain(value),
    }
}

fn number(value: &Value) -> Item {
    value.as_i64().map_or_else(|| Item::Float(real(value)), |n| Item::Integer(n.into()))
}

fn real(value: &Value) -> f64 {
    let named = match value.as_str() {
        Some("Infinity") => f64::INFINITY,
        Some("-Infinity") => f64::NEG_INFINITY,
        _ => f64::NAN,
    };
    value.as_f64().unwrap_or(named)
}

/// A value as its JSON type says; for what does not have its shape's type.
pub(super) fn plain(value: &Value) -> Item {
    match value {
        Value::Null => Item::Null,
        Value::Bool(value) => Item::Bool(*value),
        Value::Number(_) => number(value),
        Value::String(text) => Item::Text(text.clone()),
        Value::Array(entries) => Item::Array(entries.iter().map(plain).collect()),
        Value::Object(entries) => Item::Map(entries.iter().map(|(key, value)| (key.clone(), plain(value))).collect()),
    }
}
