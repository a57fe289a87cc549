//! JSON bodies, written straight from the document.

use super::scalar;
use crate::Call;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use tidegate_model::{Kind, Location, Member, Service, Shape, Structure, TimestampFormat};

/// The whole body of a json protocol. Operations without output answer nothing.
pub(super) fn body(call: &Call, output: &Value) -> Vec<u8> {
    call.operation.output.map_or_else(Vec::new, |id| document(call.service, call.service.shape(id), output))
}

/// A body that is one value of a shape.
pub(super) fn document(service: &Service, shape: &Shape, value: &Value) -> Vec<u8> {
    // Keys are texts and nothing else can fail when writing to memory.
    serde_json::to_vec(&Shaped { service, shape, format: None, value }).unwrap_or_default()
}

/// A document's value together with the shape that says how to write it.
pub(super) struct Shaped<'a> {
    pub(super) service: &'a Service,
    pub(super) shape: &'a Shape,
    pub(super) format: Option<TimestampFormat>,
    pub(super) value: &'a Value,
}

impl<'a> Shaped<'a> {
    fn of(&self, shape: &'a Shape, format: Option<TimestampFormat>, value: &'a Value) -> Shaped<'a> {
        Shaped { service: self.service, shape, format, value }
    }

    fn member(&self, member: &Member, value: &'a Value) -> Shaped<'a> {
        self.of(self.service.shape(member.shape), member.timestamp, value)
    }

    fn structure<S: Serializer>(&self, structure: &Structure, serializer: S) -> Result<S::Ok, S::Error> {
        let Value::Object(object) = self.value else { return self.value.serialize(serializer) };
        let mut map = serializer.serialize_map(None)?;
        for member in structure.members.iter().filter(|m| m.location == Location::Body) {
            if let Some(value) = object.get(member.name).filter(|v| !v.is_null()) {
                map.serialize_entry(member.wire_name(), &self.member(member, value))?;
            }
        }
        map.end()
    }

    fn timestamp<S: Serializer>(&self, own: Option<TimestampFormat>, serializer: S) -> Result<S::Ok, S::Error> {
        match self.format.or(own) {
            None | Some(TimestampFormat::UnixSeconds) => self.value.serialize(serializer),
            Some(format) => serializer.serialize_str(&scalar::timestamp(self.service, self.value, format)),
        }
    }
}

impl Serialize for Shaped<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (&self.shape.kind, self.value) {
            (Kind::Structure(structure), value) if structure.document => value.serialize(serializer),
            (Kind::Structure(structure), _) => self.structure(structure, serializer),
            (Kind::List(of), Value::Array(entries)) => {
                let of = self.service.shape(of.shape);
                serializer.collect_seq(entries.iter().map(|entry| self.of(of, None, entry)))
            }
            (Kind::Map { value: of, .. }, Value::Object(entries)) => {
                let of = self.service.shape(of.shape);
                let entries = entries.iter().filter(|(_, value)| !value.is_null());
                serializer.collect_map(entries.map(|(key, value)| (key, self.of(of, None, value))))
            }
            (Kind::Timestamp(own), Value::Number(_)) => self.timestamp(*own, serializer),
            (Kind::Integer | Kind::Long, Value::Number(number)) if number.is_f64() => match scalar::whole(self.value) {
                Some(n) => serializer.serialize_i64(n),
                None => number.serialize(serializer),
            },
            (Kind::Float | Kind::Double, Value::Number(number)) => match number.as_f64() {
                Some(real) => serializer.serialize_f64(real),
                None => number.serialize(serializer),
            },
            (_, value) => value.serialize(serializer),
        }
    }
}
