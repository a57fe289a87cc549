//! JSON bodies: of the json protocols whole, of rest-json what is bound to the body.

use super::scalar;
use crate::AwsErrorParts;
use serde_json::{Map, Number, Value};
use tidegate_model::{Kind, Location, Member, Service, Shape, ShapeId, Structure, TimestampFormat};

type Read<T> = Result<T, AwsErrorParts>;

/// A body that is one structure. No body is an empty one.
pub(super) fn body(service: &Service, shape: ShapeId, bytes: &[u8]) -> Read<Value> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    value_of(service, service.shape(shape), bytes)
}

/// A body that is one value of a shape.
pub(super) fn value_of(service: &Service, shape: &Shape, bytes: &[u8]) -> Read<Value> {
    // The parser stops at 128 levels, so nothing below can run out of stack.
    let value = serde_json::from_slice(bytes).map_err(|_| AwsErrorParts::serialization(""))?;
    Reader { service }.value(shape, None, value)
}

/// The body's members of a REST request.
pub(super) fn body_members(service: &Service, structure: &Structure, bytes: &[u8]) -> Read<Map<String, Value>> {
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(bytes).map_err(|_| AwsErrorParts::serialization(""))? {
        Value::Object(object) => Reader { service }.members(structure, object),
        other => Err(unexpected(&other, "Structure")),
    }
}

struct Reader<'s> {
    service: &'s Service,
}

impl Reader<'_> {
    fn value(&self, shape: &Shape, format: Option<TimestampFormat>, value: Value) -> Read<Value> {
        match &shape.kind {
            Kind::Structure(structure) => self.structure(shape, structure, value),
            Kind::List(member) => self.list(self.service.shape(member.shape), value),
            Kind::Map { value: of, .. } => self.map(shape, self.service.shape(of.shape), value),
            Kind::String => expect_string(value),
            Kind::Blob => expect_blob(value),
            Kind::Boolean => expect_boolean(value),
            Kind::Integer => expect_whole(value, "Integer", i32::MIN.into(), i32::MAX.into()),
            Kind::Long => expect_whole(value, "Long", i64::MIN, i64::MAX),
            Kind::Float => expect_real(value, "Float"),
            Kind::Double => expect_real(value, "Double"),
            Kind::Timestamp(own) => expect_timestamp(value, format.or(*own)),
        }
    }

    fn structure(&self, shape: &Shape, structure: &Structure, value: Value) -> Read<Value> {
        match value {
            value if structure.document => Ok(value),
            Value::Object(object) => self.members(structure, object).map(Value::Object),
            Value::Array(_) => Err(mismatch(format!("Unrecognized collection type class {}", shape.name))),
            _ => Err(mismatch("Unexpected value type in payload")),
        }
    }

    fn members(&self, structure: &Structure, object: Map<String, Value>) -> Read<Map<String, Value>> {
        let mut members = Map::with_capacity(object.len());
        for (key, value) in object {
            let member = structure.member_by_wire_name(&key).filter(|m| m.location == Location::Body);
            if let Some(member) = member.filter(|_| !value.is_null()) {
                let name = if member.wire.is_none() { key } else { member.name.to_owned() };
                members.insert(name, self.member(member, value)?);
            }
        }
        Ok(members)
    }

    fn member(&self, member: &Member, value: Value) -> Read<Value> {
        self.value(self.service.shape(member.shape), member.timestamp, value)
    }

    fn list(&self, of: &Shape, value: Value) -> Read<Value> {
        match value {
            // A null entry has no type to be wrong; the model's check refuses it where it must.
            Value::Array(entries) => {
                let read = |entry: Value| if entry.is_null() { Ok(entry) } else { self.value(of, None, entry) };
                entries.into_iter().map(read).collect::<Read<Vec<_>>>().map(Value::Array)
            }
            Value::Object(_) => Err(mismatch("Start of structure or map found where not expected")),
            _ => Err(mismatch("Unexpected field type")),
        }
    }

    fn map(&self, shape: &Shape, of: &Shape, value: Value) -> Read<Value> {
        match value {
            Value::Object(object) => {
                let entries = object.into_iter().filter(|(_, value)| !value.is_null());
                let read = entries.map(|(key, value)| Ok((key, self.value(of, None, value)?)));
                read.collect::<Read<Map<_, _>>>().map(Value::Object)
            }
            Value::Array(_) => Err(mismatch(format!("Unrecognized collection type class {}", shape.name))),
            _ => Err(mismatch("Unexpected field type")),
        }
    }
}

fn mismatch(message: impl Into<String>) -> AwsErrorParts {
    AwsErrorParts::serialization(message)
}

/// A value where a scalar of this Java type should be, in the words of AWS' parser.
fn unexpected(value: &Value, wanted: &str) -> AwsErrorParts {
    let found = match value {
        Value::Array(_) => return mismatch(format!("Unrecognized collection type class java.lang.{wanted}")),
        Value::Object(_) => return mismatch("Start of structure or map found where not expected"),
        Value::Null => "NULL_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Number(number) if number.is_f64() => "DECIMAL_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
    };
    mismatch(format!("{found} cannot be converted to {wanted}"))
}

fn expect_string(value: Value) -> Read<Value> {
    if value.is_string() { Ok(value) } else { Err(unexpected(&value, "String")) }
}

fn expect_boolean(value: Value) -> Read<Value> {
    if value.is_boolean() { Ok(value) } else { Err(unexpected(&value, "Boolean")) }
}

fn expect_blob(value: Value) -> Read<Value> {
    match &value {
        Value::String(text) => scalar::check_base64(text).map_err(mismatch).map(|()| value),
        Value::Array(_) => Err(mismatch("Unrecognized collection type class java.nio.ByteBuffer")),
        Value::Object(_) => Err(mismatch("Start of structure or map found where not expected")),
        _ => Err(mismatch("only base-64-encoded strings are convertible to bytes")),
    }
}

/// A whole number; decimals are cut off, as AWS does.
fn expect_whole(value: Value, wanted: &str, min: i64, max: i64) -> Read<Value> {
    let Value::Number(number) = &value else { return Err(unexpected(&value, wanted)) };
    // The cast cuts decimals off; beyond 2^63 it saturates, which `number_in` tells apart.
    let cut = || number.as_f64().filter(|n| n.abs() < 9.3e18).map(|n| n as i64);
    let whole = number.as_i64().or_else(|| number.is_f64().then(cut).flatten());
    match whole.filter(|n| (min..=max).contains(n)) {
        Some(whole) => Ok(whole.into()),
        None => Err(unexpected(&value, wanted)),
    }
}

fn expect_real(value: Value, wanted: &str) -> Read<Value> {
    match &value {
        Value::Number(_) => Ok(value),
        // What JSON numbers cannot say stays text.
        Value::String(text) if ["NaN", "Infinity", "-Infinity"].contains(&text.as_str()) => Ok(value),
        _ => Err(unexpected(&value, wanted)),
    }
}

fn expect_timestamp(value: Value, format: Option<TimestampFormat>) -> Read<Value> {
    match &value {
        Value::Number(_) => Ok(value),
        Value::String(text) => {
            let format = format.unwrap_or(TimestampFormat::Iso8601);
            scalar::timestamp(text, format).map(Value::Number).ok_or_else(|| unexpected(&value, "Date"))
        }
        _ => Err(unexpected(&value, "Date")),
    }
}

/// A number of seconds, whole where it can be.
pub(super) fn seconds(seconds: f64) -> Option<Number> {
    if seconds.fract() == 0.0 && seconds.abs() < 9e15 {
        Some((seconds as i64).into())
    } else {
        Number::from_f64(seconds)
    }
}
