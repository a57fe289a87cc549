//! From the answer to a document of the output's members, or to the error that it is.

use super::Error;
use super::names::members;
use crate::http::Answer;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};
use tidegate_model::{Kind, Location, Member, Operation, Protocol, Service, ShapeId};

/// Reads an answer.
pub fn read(service: &Service, operation: &Operation, answer: &Answer) -> Result<Value, Error> {
    if answer.status >= 400 {
        return Err(error(service, operation, answer));
    }
    Ok(match service.protocols.first() {
        Some(Protocol::Json10 | Protocol::Json11) => serde_json::from_slice(&answer.body).unwrap_or_default(),
        Some(Protocol::Query) => result(service, operation, &answer.text()),
        _ => rest(service, operation, answer),
    })
}

fn error(service: &Service, operation: &Operation, answer: &Answer) -> Error {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let tree = if body.is_null() { element(&answer.text()) } else { Element::default() };
    let header = answer.headers.get("x-amzn-errortype").and_then(|v| v.to_str().ok());
    let member = |names: [&str; 2]| names.iter().find_map(|name| body.get(name)?.as_str());
    let code = header.or_else(|| member(["__type", "code"])).map(str::to_owned).or_else(|| tree.find("Code"));
    let code = code.unwrap_or_else(|| answer.status.to_string());
    let code = code.split(':').next().unwrap_or_default().rsplit('#').next().unwrap_or_default().to_owned();
    let message =
        member(["message", "Message"]).map(str::to_owned).or_else(|| tree.find("Message")).unwrap_or_default();
    Error::Service { operation: format!("{}:{}", service.name, operation.name), code, status: answer.status, message }
}

fn rest(service: &Service, operation: &Operation, answer: &Answer) -> Value {
    let Some(structure) = operation.output.and_then(|shape| service.structure(shape)) else { return Value::Null };
    let mut found = match structure.payload_member() {
        Some(payload) => Map::from_iter([(payload.name.to_owned(), answer.text().into())]),
        None => members(
            service,
            structure,
            serde_json::from_slice(&answer.body).unwrap_or_default(),
            Member::wire_name,
            |m| m.name,
        ),
    };
    for member in structure.members.iter().filter(|m| m.location == Location::Header) {
        if let Some(value) = answer.headers.get(member.wire_name()).and_then(|v| v.to_str().ok()) {
            found.insert(member.name.to_owned(), value.into());
        }
    }
    Value::Object(found)
}

fn result(service: &Service, operation: &Operation, text: &str) -> Value {
    let root = element(text);
    let wrapper = operation.result_wrapper.unwrap_or_default();
    match (operation.output, root.child(wrapper)) {
        (Some(shape), Some(result)) => value(service, shape, result),
        _ => Value::Null,
    }
}

fn value(service: &Service, shape: ShapeId, element: &Element) -> Value {
    match &service.shape(shape).kind {
        Kind::Structure(structure) => {
            let members = structure.members.iter();
            let present = members
                .filter_map(|m| Some((m.name.to_owned(), value(service, m.shape, element.child(m.wire_name())?))));
            Value::Object(present.collect())
        }
        Kind::List(item) => element.children.iter().map(|child| value(service, item.shape, child)).collect(),
        Kind::Boolean => (element.text == "true").into(),
        Kind::Integer | Kind::Long => element.text.parse::<i64>().map_or(Value::Null, Value::from),
        _ => element.text.clone().into(),
    }
}

/// An XML element: name, text and children.
#[derive(Default)]
struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first element of this name, at any depth.
    fn find(&self, name: &str) -> Option<String> {
        if self.name == name {
            return Some(self.text.clone());
        }
        self.children.iter().find_map(|child| child.find(name))
    }
}

/// The root element; what is not well-formed ends the reading.
fn element(text: &str) -> Element {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let name = String::from_utf8_lossy(tag.local_name().as_ref()).into_owned();
                open.push(Element { name, ..Element::default() });
            }
            Ok(Event::End(_)) => close(&mut open),
            Ok(Event::Empty(tag)) => {
                let name = String::from_utf8_lossy(tag.local_name().as_ref()).into_owned();
                open.push(Element { name, ..Element::default() });
                close(&mut open);
            }
            Ok(Event::Text(piece)) => append(&mut open, &piece.decode().unwrap_or_default()),
            Ok(Event::GeneralRef(name)) => append(&mut open, &character(&name.decode().unwrap_or_default())),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    open.swap_remove(0).children.pop().unwrap_or_default()
}

fn append(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn close(open: &mut Vec<Element>) {
    if open.len() > 1 {
        let done = open.pop().unwrap_or_default();
        if let Some(parent) = open.last_mut() {
            parent.children.push(done);
        }
    }
}

/// What `&name;` stands for.
fn character(name: &str) -> String {
    let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    });
    match (name, number.and_then(char::from_u32)) {
        (_, Some(c)) => c.to_string(),
        ("lt", _) => "<".to_owned(),
        ("gt", _) => ">".to_owned(),
        ("amp", _) => "&".to_owned(),
        ("quot", _) => "\"".to_owned(),
        ("apos", _) => "'".to_owned(),
        _ => String::new(),
    }
}
