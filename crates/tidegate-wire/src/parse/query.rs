//! The query protocol: `Action=…&Tags.member.1.Key=…`, in a form or the query string.

use super::scalar;
use crate::request::{Request, form_pairs};
use crate::{AwsErrorParts, limits};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use tidegate_model::{Kind, Named, Service, Shape, ShapeId, Structure, TimestampFormat};

type Read<T> = Result<T, AwsErrorParts>;

pub(super) fn body(service: &Service, input: ShapeId, request: &Request) -> Read<Value> {
    let form = std::str::from_utf8(request.body).map_err(|_| AwsErrorParts::serialization("The form is not UTF-8"))?;
    let pairs: Vec<_> = form_pairs(form).into_iter().chain(request.query_pairs()).collect();
    if pairs.len() > limits::FORM_PARAMETERS_MAX {
        return Err(AwsErrorParts::serialization("Too many parameters"));
    }
    let mut parameters = BTreeMap::new();
    for (key, value) in pairs {
        // The first of several counts.
        parameters.entry(key.into_owned()).or_insert_with(|| value.into_owned());
    }
    let reader = Reader { service, parameters };
    let structure = service.structure(input);
    structure.map_or(Ok(Value::Object(Map::new())), |s| reader.structure(s, "", 0).map(Value::Object))
}

struct Reader<'s> {
    service: &'s Service,
    parameters: BTreeMap<String, String>,
}

impl Reader<'_> {
    /// The value under a name, if any parameter has it.
    fn value(&self, shape: &Shape, name: &str, flattened: bool, depth: usize) -> Read<Option<Value>> {
        let flattened = flattened || shape.flattened;
        let stem = stem(shape, name, flattened);
        if !self.mentions(&stem) && !self.parameters.contains_key(name) {
            return Ok(None);
        }
        if depth > limits::DEPTH_MAX {
            return Err(AwsErrorParts::serialization("Parameters are nested too deeply"));
        }
        match &shape.kind {
            Kind::Structure(structure) => self.structure(structure, name, depth).map(|m| Some(Value::Object(m))),
            Kind::List(member) => self.list(*member, &stem, depth).map(Some),
            Kind::Map { key, value } => self.map(*key, *value, &stem, depth).map(Some),
            _ => {
                let text = self.parameters.get(name);
                text.map(|text| scalar::read(shape, text, TimestampFormat::Iso8601)).transpose()
            }
        }
    }

    /// Whether a parameter is called so or lies below.
    fn mentions(&self, name: &str) -> bool {
        self.parameters.contains_key(name) || self.below(name).next().is_some()
    }

    /// What stands behind `name.` in the parameters' names.
    fn below(&self, name: &str) -> impl Iterator<Item = &str> {
        let prefix = format!("{name}.");
        let from = self.parameters.range(prefix.clone()..);
        from.map_while(move |(key, _)| key.strip_prefix(&prefix))
    }

    fn structure(&self, structure: &Structure, prefix: &str, depth: usize) -> Read<Map<String, Value>> {
        let mut members = Map::new();
        for member in &structure.members {
            let shape = self.service.shape(member.shape);
            let name = join(prefix, member.wire_name());
            if let Some(value) = self.value(shape, &name, member.flattened, depth + 1)? {
                members.insert(member.name.to_owned(), value);
            }
        }
        Ok(members)
    }

    /// The numbers below a name, in order: `1`, `2`, `10`.
    fn numbers(&self, name: &str) -> BTreeSet<u32> {
        self.below(name).filter_map(|rest| rest.split('.').next()?.parse().ok()).collect()
    }

    fn list(&self, member: Named, stem: &str, depth: usize) -> Read<Value> {
        let shape = self.service.shape(member.shape);
        let entries = self.numbers(stem).into_iter();
        let entries = entries.map(|n| self.value(shape, &format!("{stem}.{n}"), false, depth + 1));
        Ok(Value::Array(entries.collect::<Read<Vec<_>>>()?.into_iter().flatten().collect()))
    }

    fn map(&self, key: Named, value: Named, stem: &str, depth: usize) -> Read<Value> {
        let (key_name, value_name) = (key.wire_name.unwrap_or("key"), value.wire_name.unwrap_or("value"));
        let shape = self.service.shape(value.shape);
        let mut entries = Map::new();
        for n in self.numbers(stem) {
            let Some(key) = self.parameters.get(&format!("{stem}.{n}.{key_name}")) else { continue };
            if let Some(value) = self.value(shape, &format!("{stem}.{n}.{value_name}"), false, depth + 1)? {
                entries.insert(key.clone(), value);
            }
        }
        Ok(Value::Object(entries))
    }
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

/// What stands before the numbers of a list's or map's entries; for other kinds the name itself.
fn stem(shape: &Shape, name: &str, flattened: bool) -> String {
    match &shape.kind {
        Kind::List(member) if !flattened => join(name, member.wire_name.unwrap_or("member")),
        // A flattened list's entries are called as the entry is, not as the list.
        Kind::List(Named { wire_name: Some(own), .. }) => {
            join(name.rsplit_once('.').map_or("", |(parent, _)| parent), own)
        }
        Kind::Map { .. } if !flattened => join(name, "entry"),
        _ => name.to_owned(),
    }
}
