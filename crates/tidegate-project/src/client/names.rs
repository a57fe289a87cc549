//! Members' two names: the model's, which documents have, and the wire's.

use serde_json::{Map, Value};
use tidegate_model::{Kind, Member, Service, ShapeId, Structure};

/// The name of a member in one of the two worlds.
pub type Naming = fn(&Member) -> &'static str;

/// The same members under their other names, at every depth. What the model does not know keeps its name.
pub fn members(
    service: &Service,
    structure: &Structure,
    object: Map<String, Value>,
    from: Naming,
    to: Naming,
) -> Map<String, Value> {
    let rename = |(name, value): (String, Value)| match structure.members.iter().find(|m| from(m) == name) {
        Some(member) => (to(member).to_owned(), within(service, member.shape, value, from, to)),
        None => (name, value),
    };
    object.into_iter().map(rename).collect()
}

fn within(service: &Service, shape: ShapeId, value: Value, from: Naming, to: Naming) -> Value {
    match (&service.shape(shape).kind, value) {
        (Kind::Structure(structure), Value::Object(object)) => members(service, structure, object, from, to).into(),
        (Kind::List(element), Value::Array(values)) => {
            values.into_iter().map(|value| within(service, element.shape, value, from, to)).collect()
        }
        (Kind::Map { value: named, .. }, Value::Object(entries)) => {
            let entry = |(key, value)| (key, within(service, named.shape, value, from, to));
            Value::Object(entries.into_iter().map(entry).collect())
        }
        (_, value) => value,
    }
}
