//! Members as XML elements; for query and rest-xml.

use super::scalar;
use crate::xml::{Writer, attribute};
use serde_json::Value;
use tidegate_model::{Kind, Location, Member, Named, Namespace, Service, Shape, Structure, TimestampFormat};

/// Writes documents of one service.
pub(super) struct Elements<'a> {
    pub(super) service: &'a Service,
}

impl Elements<'_> {
    /// The body's members of a structure, one element each, in the model's order.
    pub(super) fn members(&self, out: &mut Writer, structure: &Structure, value: &Value) {
        for member in structure.members.iter().filter(|m| m.location == Location::Body && !m.attribute) {
            if let Some(value) = value.get(member.name).filter(|v| !v.is_null()) {
                self.member(out, member, value);
            }
        }
    }

    fn member(&self, out: &mut Writer, member: &Member, value: &Value) {
        let shape = self.service.shape(member.shape);
        let (name, flattened) = (member.wire_name(), member.flattened || shape.flattened);
        let namespace = member.namespace.or(shape.namespace);
        match (&shape.kind, value) {
            (Kind::List(of), Value::Array(entries)) if flattened => self.list(out, *of, name, entries),
            (Kind::Map { key, value: of }, Value::Object(entries)) if flattened => {
                entries.iter().for_each(|(k, v)| self.entry(out, (*key, *of), name, k, v));
            }
            (Kind::Timestamp(_), value) => {
                let format = member.timestamp.unwrap_or(TimestampFormat::Iso8601);
                out.text_element(name, &scalar::text(self.service, shape, value, format));
            }
            _ => self.value(out, shape, name, namespace, value),
        }
    }

    /// One element with a value of a shape in it.
    pub(super) fn value(&self, out: &mut Writer, shape: &Shape, name: &str, ns: Option<Namespace>, value: &Value) {
        let attributes = self.attributes(shape, ns, value);
        out.element_with(name, &attributes, |out| match (&shape.kind, value) {
            (Kind::Structure(structure), value) => self.members(out, structure, value),
            (Kind::List(of), Value::Array(entries)) => {
                self.list(out, *of, of.wire_name.unwrap_or("member"), entries);
            }
            (Kind::Map { key, value: of }, Value::Object(entries)) => {
                entries.iter().for_each(|(k, v)| self.entry(out, (*key, *of), "entry", k, v));
            }
            (_, value) => out.text(&scalar::text(self.service, shape, value, TimestampFormat::Iso8601)),
        });
    }

    /// A namespace, and the members that are attributes.
    fn attributes(&self, shape: &Shape, namespace: Option<Namespace>, value: &Value) -> String {
        let mut text = String::new();
        if let Some(Namespace { uri, prefix }) = namespace {
            let name = prefix.map_or("xmlns".to_owned(), |prefix| format!("xmlns:{prefix}"));
            text.push_str(&attribute(&name, uri));
        }
        if let Kind::Structure(structure) = &shape.kind {
            for member in structure.members.iter().filter(|m| m.attribute) {
                if let Some(value) = value.get(member.name).and_then(Value::as_str) {
                    text.push_str(&attribute(member.wire_name(), value));
                }
            }
        }
        text
    }

    fn list(&self, out: &mut Writer, of: Named, name: &str, entries: &[Value]) {
        let shape = self.service.shape(of.shape);
        entries.iter().filter(|e| !e.is_null()).for_each(|entry| self.value(out, shape, name, shape.namespace, entry));
    }

    fn entry(&self, out: &mut Writer, (key, of): (Named, Named), name: &str, k: &str, v: &Value) {
        out.element(name, |out| {
            out.text_element(key.wire_name.unwrap_or("key"), k);
            let shape = self.service.shape(of.shape);
            self.value(out, shape, of.wire_name.unwrap_or("value"), None, v);
        });
    }
}
