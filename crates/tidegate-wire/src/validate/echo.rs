//! Values as AWS' messages repeat them.

use super::style;
use crate::limits;
use serde_json::Value;
use std::fmt::Write;
use tidegate_model::{Kind, Service, Shape};

/// A value's text: texts bare, lists in brackets, structures as `Name(member=value)`.
pub(super) fn echo(service: &Service, shape: &Shape, value: &Value) -> String {
    let mut out = String::new();
    put(&mut out, service, shape, value);
    match out.char_indices().nth(limits::ECHO_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &out[..end]),
        None => out,
    }
}

fn put(out: &mut String, service: &Service, shape: &Shape, value: &Value) {
    if out.len() > 4 * limits::ECHO_CHARS_MAX {
        return;
    }
    match (&shape.kind, value) {
        _ if shape.sensitive => out.push_str("***Sensitive Data Redacted***"),
        (Kind::Structure(structure), Value::Object(object)) if !structure.document => {
            let members = structure.members.iter().filter_map(|m| Some((m, object.get(m.name)?)));
            let _ = write!(out, "{}(", shape.name);
            for (n, (member, value)) in members.enumerate() {
                let _ = write!(out, "{}{}=", divider(n), style::lower_camel(member.name));
                put(out, service, service.shape(member.shape), value);
            }
            out.push(')');
        }
        (Kind::List(of), Value::Array(entries)) => {
            out.push('[');
            for (n, entry) in entries.iter().enumerate() {
                out.push_str(divider(n));
                put(out, service, service.shape(of.shape), entry);
            }
            out.push(']');
        }
        (Kind::Map { value: of, .. }, Value::Object(entries)) => {
            out.push('{');
            for (n, (key, entry)) in entries.iter().enumerate() {
                let _ = write!(out, "{}{key}=", divider(n));
                put(out, service, service.shape(of.shape), entry);
            }
            out.push('}');
        }
        (Kind::Blob, _) => out.push_str("java.nio.HeapByteBuffer"),
        (_, Value::String(text)) => out.push_str(text),
        (_, value) => {
            let _ = write!(out, "{value}");
        }
    }
}

fn divider(n: usize) -> &'static str {
    if n == 0 { "" } else { ", " }
}
