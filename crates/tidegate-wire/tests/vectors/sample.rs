//! One document for any shape, the same each time. The vectors hold what botocore makes of these documents, so they need
//! not hold the documents.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use tidegate_model::{Kind, Location, Member, Protocol, Service, Shape, ShapeId, Structure};

/// Levels of nesting in a sample.
const DEPTH: usize = 4;

/// A document for a request or answer; `None` where the protocol needs more than a document (event streams).
pub fn document(service: &Service, shape: Option<ShapeId>, protocol: Protocol) -> Option<Value> {
    let Some(id) = shape else { return Some(json!({})) };
    let structure = service.structure(id)?;
    let streams = |m: &Member| matches!(&service.shape(m.shape).kind, Kind::Structure(s) if s.event_stream);
    if structure.members.iter().any(streams) {
        return None;
    }
    let sampler = Sampler { service, plain: protocol == Protocol::Query };
    Some(Value::Object(sampler.structure(structure, 0)))
}

struct Sampler<'s> {
    service: &'s Service,
    /// Without empty texts and the like, which some protocols cannot tell from nothing.
    plain: bool,
}

impl Sampler<'_> {
    fn structure(&self, structure: &Structure, depth: usize) -> Map<String, Value> {
        let members = structure.members.iter().take(if structure.union { 1 } else { usize::MAX });
        let sampled = members.filter_map(|m| Some((m.name.to_owned(), self.member(m, depth)?)));
        sampled.collect()
    }

    fn member(&self, member: &Member, depth: usize) -> Option<Value> {
        let shape = self.service.shape(member.shape);
        match (member.location, &shape.kind) {
            (Location::StatusCode, _) => Some(203.into()),
            // Text in the model, but botocore makes a date of it.
            _ if shape.name == "Expires" => Some("Sat, 21 Nov 2026 09:30:00 GMT".into()),
            // The client's HTTP library sets it by the body.
            (Location::Header, _) if member.wire_name() == "Content-Length" => None,
            (Location::Headers, _) => Some(json!({"k1": "v1", "k2": "v2"})),
            (Location::Header | Location::Query, Kind::String) if shape.constraints.values.is_empty() => {
                Some(format!("{}.1", member.name).into())
            }
            (Location::Header, Kind::List(of)) => {
                let values = &self.service.shape(of.shape).constraints.values;
                Some(if values.is_empty() { json!(["h1", "h2"]) } else { json!([values[0]]) })
            }
            (Location::Uri, Kind::String) => Some("a b%/é".into()),
            _ => self.value(shape, depth),
        }
    }

    fn value(&self, shape: &Shape, depth: usize) -> Option<Value> {
        Some(match &shape.kind {
            Kind::Structure(structure) => {
                let object = (depth < DEPTH && !structure.document).then(|| self.structure(structure, depth + 1));
                Value::Object(object.filter(|o| !o.is_empty())?)
            }
            Kind::List(of) => {
                let entry = self.value(self.service.shape(of.shape), depth + 1)?;
                json!([entry.clone(), entry])
            }
            Kind::Map { key, value } => {
                let entry = self.value(self.service.shape(value.shape), depth + 1)?;
                let keys = &self.service.shape(key.shape).constraints.values;
                let name = keys.first().copied().unwrap_or("k.1");
                json!({ name: entry })
            }
            Kind::String => self.text(shape),
            Kind::Blob => STANDARD.encode([0xff, 0, 7]).into(),
            Kind::Boolean => true.into(),
            Kind::Integer => 7.into(),
            Kind::Long => 5_000_000_000_i64.into(),
            Kind::Float | Kind::Double => 1.5.into(),
            Kind::Timestamp(_) => 1_795_253_400.into(),
        })
    }

    fn text(&self, shape: &Shape) -> Value {
        let odd = if self.plain { "a&b=c +é" } else { "a<b>&\"é\" c" };
        shape.constraints.values.last().copied().unwrap_or(odd).into()
    }
}
