//! One service: its traits, operations and shapes.

use crate::{Header, Kind, Labels, Operation, Shape, ShapeId, Structure};
use std::ops::Deref;

/// One service. Its traits (`Header`) can be read right from it.
#[derive(Debug)]
pub struct Service {
    pub(crate) header: Header,
    /// Operations in the order of their names.
    pub operations: Vec<Operation>,
    /// Shapes in the order of their names.
    pub shapes: Vec<Shape>,
}

impl Deref for Service {
    type Target = Header;

    fn deref(&self) -> &Header {
        &self.header
    }
}

impl Service {
    /// The operation of this name.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations.binary_search_by_key(&name, |o| o.name).ok().map(|n| &self.operations[n])
    }

    /// The shape that an id of this service points at.
    pub fn shape(&self, id: ShapeId) -> &Shape {
        &self.shapes[id.0 as usize]
    }

    /// The shape of this name.
    pub fn shape_named(&self, name: &str) -> Option<&Shape> {
        self.shapes.binary_search_by_key(&name, |s| s.name).ok().map(|n| &self.shapes[n])
    }

    /// The structure that an id points at; `None` for other kinds.
    pub fn structure(&self, id: ShapeId) -> Option<&Structure> {
        match &self.shape(id).kind {
            Kind::Structure(structure) => Some(structure),
            _ => None,
        }
    }

    /// The error that clients know by this code: a shape's name or its code on the wire.
    pub fn error(&self, code: &str) -> Option<(&Shape, &Structure)> {
        let errors = self.shapes.iter().filter_map(|shape| match &shape.kind {
            Kind::Structure(structure) if structure.error.is_some() => Some((shape, structure)),
            _ => None,
        });
        let mut by_code = None;
        for (shape, structure) in errors {
            if shape.name == code {
                return Some((shape, structure));
            }
            if structure.error.and_then(|e| e.code) == Some(code) {
                by_code.get_or_insert((shape, structure));
            }
        }
        by_code
    }

    /// The operations whose method and path template fit, each with its labels, the most specific path first.
    /// Which of several it is depends on query string and headers.
    pub fn operations_at<'p>(&self, method: &str, path: &'p str) -> Vec<(&Operation, Labels<'p>)> {
        let of_method = self.operations.iter().filter(|o| o.method == method);
        let mut found: Vec<_> = of_method.filter_map(|o| o.route.match_path(path).map(|l| (o, l))).collect();
        found.sort_by_key(|(o, _)| std::cmp::Reverse((o.route.literals(), o.route.segments.len())));
        found
    }
}
