//! XML bodies of rest-xml.

use super::scalar;
use crate::AwsErrorParts;
use crate::xml::{self, Element};
use serde_json::{Map, Value};
use tidegate_model::{Kind, Location, Named, Service, Shape, Structure, TimestampFormat};

type Read<T> = Result<T, AwsErrorParts>;

/// A body that is one value of a shape; the root element's name is not looked at, as S3 does not.
pub(super) fn document(service: &Service, shape: &Shape, bytes: &[u8]) -> Read<Value> {
    Reader { service }.value(shape, &root(bytes)?)
}

/// The body's members of a REST request.
pub(super) fn body_members(service: &Service, structure: &Structure, bytes: &[u8]) -> Read<Map<String, Value>> {
    if bytes.is_empty() { Ok(Map::new()) } else { Reader { service }.members(structure, &root(bytes)?) }
}

fn root(bytes: &[u8]) -> Read<Element> {
    xml::read(bytes).ok_or_else(|| {
        AwsErrorParts::serialization(
            "The XML you provided was not well-formed or did not validate against our published schema",
        )
    })
}

struct Reader<'s> {
    service: &'s Service,
}

impl Reader<'_> {
    fn value(&self, shape: &Shape, element: &Element) -> Read<Value> {
        match &shape.kind {
            Kind::Structure(structure) => self.members(structure, element).map(Value::Object),
            Kind::List(member) => {
                let name = member.wire_name.unwrap_or("member");
                self.list(*member, element.children(name))
            }
            Kind::Map { key, value } => self.map(*key, *value, element.children("entry")),
            _ => scalar::read(shape, &element.text, TimestampFormat::Iso8601),
        }
    }

    fn members(&self, structure: &Structure, element: &Element) -> Read<Map<String, Value>> {
        let mut members = Map::new();
        for member in structure.members.iter().filter(|m| m.location == Location::Body) {
            let (shape, name) = (self.service.shape(member.shape), member.wire_name());
            let flattened = member.flattened || shape.flattened;
            let mut named = element.children(name).peekable();
            let value = match &shape.kind {
                _ if member.attribute => attribute(element, name),
                _ if named.peek().is_none() => None,
                Kind::List(of) if flattened => Some(self.list(*of, named)?),
                Kind::Map { key, value } if flattened => Some(self.map(*key, *value, named)?),
                _ => named.next().map(|child| self.value(shape, child)).transpose()?,
            };
            value.map(|value| members.insert(member.name.to_owned(), value));
        }
        Ok(members)
    }

    fn list<'e>(&self, member: Named, elements: impl Iterator<Item = &'e Element>) -> Read<Value> {
        let shape = self.service.shape(member.shape);
        elements.map(|e| self.value(shape, e)).collect::<Read<Vec<_>>>().map(Value::Array)
    }

    fn map<'e>(&self, key: Named, value: Named, entries: impl Iterator<Item = &'e Element>) -> Read<Value> {
        let (key_name, value_name) = (key.wire_name.unwrap_or("key"), value.wire_name.unwrap_or("value"));
        let shape = self.service.shape(value.shape);
        let mut map = Map::new();
        for entry in entries {
            let (key, value) = (entry.children(key_name).next(), entry.children(value_name).next());
            if let (Some(key), Some(value)) = (key, value) {
                map.insert(key.text.clone(), self.value(shape, value)?);
            }
        }
        Ok(Value::Object(map))
    }
}

fn attribute(element: &Element, name: &str) -> Option<Value> {
    element.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str().into())
}
