//! Reads the tables of `data/`.
//!
//! A table is text: one row per line, cells divided by tabs. First come the service's traits (`key value`), then `op`
//! rows (name, method, path, then `key=value` or flag cells), then one row per shape (kind, name, cells), each
//! structure followed by a `.` row per member (name, shape, cells). Operations and shapes stand in the order of their
//! names. The tables are ours, so a fault in one is a bug: it panics, and a test decodes them all.

use crate::shape::*;
use crate::{Header, Operation, Pages, Protocol, Route, Service};

/// Reads the traits at the top of a table.
pub(crate) fn header(text: &'static str) -> Header {
    let mut header = Header::default();
    let mut json = Protocol::Json11;
    let rows = text.lines().filter_map(|l| l.split_once('\t')).take_while(|(key, _)| *key != "op");
    for (key, value) in rows {
        match key {
            "service" => header.name = value,
            "id" => header.id = value,
            "version" => header.version = value,
            "endpoint" => header.endpoint_prefix = value,
            "signing" => header.signing_name = value,
            "target" => header.target_prefix = Some(value),
            "namespace" => header.namespace = Some(value),
            "query-compatible" => header.query_compatible = true,
            "protocols" => header.protocols = value.split(',').map(protocol).collect(),
            "json" if value == "1.0" => json = Protocol::Json10,
            _ => {}
        }
    }
    header.protocols.iter_mut().filter(|p| **p == Protocol::Json11).for_each(|p| *p = json);
    header
}

fn protocol(name: &str) -> Protocol {
    match name {
        "json" => Protocol::Json11,
        "query" => Protocol::Query,
        "rest-json" => Protocol::RestJson,
        "rest-xml" => Protocol::RestXml,
        "smithy-rpc-v2-cbor" => Protocol::Cbor,
        other => unreachable!("no table names the protocol {other}; a test decodes them all"),
    }
}

/// Reads a whole table.
pub(crate) fn service(text: &'static str) -> Service {
    let names: Vec<&str> = text.lines().filter_map(shape_name).collect();
    let mut service = Service { header: header(text), operations: Vec::new(), shapes: Vec::with_capacity(names.len()) };
    for row in text.lines().map(|line| Row::new(line, &names)) {
        match row.kind {
            "op" => service.operations.push(row.operation()),
            "." => last_members(&mut service.shapes).push(row.member()),
            _ if row.is_shape() => service.shapes.push(row.shape()),
            _ => {}
        }
    }
    service.shapes.iter_mut().for_each(trim);
    service
}

/// Gives back what growing lists took too much.
fn trim(shape: &mut Shape) {
    if let Kind::Structure(structure) = &mut shape.kind {
        structure.members.shrink_to_fit();
    }
}

fn last_members(shapes: &mut [Shape]) -> &mut Vec<Member> {
    match shapes.last_mut().map(|s| &mut s.kind) {
        Some(Kind::Structure(structure)) => &mut structure.members,
        _ => unreachable!("member rows stand below their structure's row; a test decodes every table"),
    }
}

const SHAPES: [&str; 11] =
    ["structure", "list", "map", "string", "blob", "boolean", "integer", "long", "float", "double", "timestamp"];

fn shape_name(line: &'static str) -> Option<&'static str> {
    let mut cells = line.split('\t');
    cells.next().filter(|kind| SHAPES.contains(kind)).and_then(|_| cells.next())
}

/// One line, taken apart.
struct Row<'n> {
    kind: &'static str,
    name: &'static str,
    /// All behind the name.
    cells: &'static str,
    /// Every shape's name, in order.
    names: &'n [&'static str],
}

impl<'n> Row<'n> {
    fn new(line: &'static str, names: &'n [&'static str]) -> Row<'n> {
        let (kind, rest) = line.split_once('\t').unwrap_or((line, ""));
        let (name, cells) = rest.split_once('\t').unwrap_or((rest, ""));
        Row { kind, name, cells, names }
    }

    fn is_shape(&self) -> bool {
        SHAPES.contains(&self.kind)
    }

    fn cells(&self) -> impl Iterator<Item = &'static str> {
        self.cells.split('\t')
    }

    fn flag(&self, name: &str) -> bool {
        self.cells().any(|cell| cell == name)
    }

    fn all(&self, key: &'n str) -> impl Iterator<Item = &'static str> {
        self.cells().filter_map(move |cell| cell.strip_prefix(key)?.strip_prefix('='))
    }

    fn text(&self, key: &'n str) -> Option<&'static str> {
        self.all(key).next()
    }

    fn number(&self, key: &'n str) -> Option<f64> {
        self.text(key).map(|text| text.parse().expect("the table's writer wrote a JSON number"))
    }

    fn id(&self, name: &str) -> ShapeId {
        let place = self.names.binary_search(&name).expect("the table's writer keeps every shape that is referred to");
        ShapeId(u16::try_from(place).expect("no API has 65,536 shapes"))
    }

    fn named(&self, key: &'n str, name_key: &'n str) -> Named {
        let shape = self.text(key).expect("lists and maps name their parts");
        Named { shape: self.id(shape), wire_name: self.text(name_key) }
    }

    fn timestamp(&self) -> Option<TimestampFormat> {
        self.text("format").map(|format| match format {
            "iso8601" => TimestampFormat::Iso8601,
            "rfc822" => TimestampFormat::HttpDate,
            _ => TimestampFormat::UnixSeconds,
        })
    }

    fn namespace(&self) -> Option<Namespace> {
        self.text("ns").map(|uri| Namespace { uri, prefix: self.text("ns-prefix") })
    }

    fn operation(&self) -> Operation {
        let mut cells = self.cells();
        let (method, path) = (cells.next().unwrap_or("POST"), cells.next().unwrap_or("/"));
        let mut errors: Vec<ShapeId> = self.all("err").map(|name| self.id(name)).collect();
        errors.shrink_to_fit();
        Operation {
            name: self.name,
            method,
            route: Route::parse(path),
            status: self.number("code").map_or(200, |n| n as u16),
            input: self.text("in").map(|name| self.id(name)),
            input_element: self.text("element"),
            input_namespace: self.text("ns"),
            output: self.text("out").map(|name| self.id(name)),
            result_wrapper: self.text("wrap"),
            errors,
            unsigned: self.flag("noauth"),
            deprecated: self.flag("deprecated"),
            pages: self.pages(),
        }
    }

    fn pages(&self) -> Option<Pages> {
        let input_tokens: Vec<_> = self.all("page-in").collect();
        (!input_tokens.is_empty()).then(|| Pages {
            input_tokens,
            output_tokens: self.all("page-out").collect(),
            limit: self.text("page-limit"),
            items: self.all("page-items").collect(),
            more: self.text("page-more"),
        })
    }

    fn shape(&self) -> Shape {
        Shape {
            name: self.name,
            kind: self.shape_kind(),
            constraints: Constraints {
                min: self.number("min"),
                max: self.number("max"),
                pattern: self.text("pattern"),
                values: self.all("enum").collect(),
            },
            sensitive: self.flag("sensitive"),
            flattened: self.flag("flattened"),
            wire_name: self.text("name"),
            namespace: self.namespace(),
        }
    }

    fn shape_kind(&self) -> Kind {
        match self.kind {
            "structure" => Kind::Structure(self.structure()),
            "list" => Kind::List(self.named("member", "member-name")),
            "map" => Kind::Map { key: self.named("key", "key-name"), value: self.named("value", "value-name") },
            "blob" => Kind::Blob,
            "boolean" => Kind::Boolean,
            "integer" => Kind::Integer,
            "long" => Kind::Long,
            "float" => Kind::Float,
            "double" => Kind::Double,
            "timestamp" => Kind::Timestamp(self.timestamp()),
            _ => Kind::String,
        }
    }

    fn structure(&self) -> Structure {
        Structure {
            members: Vec::new(),
            payload: self.text("payload"),
            union: self.flag("union"),
            document: self.flag("document"),
            event_stream: self.flag("eventstream"),
            event: self.flag("event"),
            error: self.flag("error").then(|| ErrorTrait {
                code: self.text("error-code"),
                status: self.number("status").map_or(0, |n| n as u16),
                server_fault: self.flag("server-fault"),
            }),
        }
    }

    /// A member's row; most have nothing behind the shape, so that goes off first.
    fn member(&self) -> Member {
        let (shape, cells) = self.cells.split_once('\t').unwrap_or((self.cells, ""));
        Row { cells, ..*self }.member_of(self.id(shape))
    }

    fn member_of(&self, shape: ShapeId) -> Member {
        Member {
            name: self.name,
            shape,
            required: self.flag("required"),
            location: self.location(),
            wire: self.text("name").filter(|name| *name != self.name),
            flattened: self.flag("flattened"),
            timestamp: self.timestamp(),
            json_value: self.flag("jsonvalue"),
            streaming: self.flag("streaming"),
            event_payload: self.flag("eventpayload"),
            event_header: self.flag("eventheader"),
            attribute: self.flag("attribute"),
            idempotency_token: self.flag("token"),
            namespace: self.namespace(),
            values: self.all("enum").collect(),
        }
    }

    fn location(&self) -> Location {
        match self.text("at") {
            Some("header") => Location::Header,
            Some("headers") => Location::Headers,
            Some("uri") => Location::Uri,
            Some("querystring") => Location::Query,
            Some("statusCode") => Location::StatusCode,
            _ => Location::Body,
        }
    }
}
