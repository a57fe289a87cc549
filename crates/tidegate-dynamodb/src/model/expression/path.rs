//! Document paths: `a.b[3]`.

use crate::model::{AttributeValue, Attributes};
use std::fmt;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Into a map.
    Name(String),
    /// Into a list.
    Index(usize),
}

/// Where a value stands in an item: the attribute's name, then steps into maps and lists.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path {
    /// The attribute.
    pub attribute: String,
    /// The steps.
    pub steps: Vec<Part>,
}

impl Path {
    /// A whole attribute.
    pub fn attribute(name: impl Into<String>) -> Path {
        Path { attribute: name.into(), steps: Vec::new() }
    }

    /// The value there.
    pub fn find<'a>(&self, item: &'a Attributes) -> Option<&'a AttributeValue> {
        let first = item.get(&self.attribute)?;
        self.steps.iter().try_fold(first, |value, step| match (value, step) {
            (AttributeValue::M(map), Part::Name(name)) => map.get(name),
            (AttributeValue::L(list), Part::Index(index)) => list.get(*index),
            _ => None,
        })
    }

    /// How two paths get in each other's way.
    pub fn clash(&self, other: &Path) -> Option<Clash> {
        if self.attribute != other.attribute {
            return None;
        }
        for (a, b) in self.steps.iter().zip(&other.steps) {
            if std::mem::discriminant(a) != std::mem::discriminant(b) {
                return Some(Clash::Conflict);
            }
            if a != b {
                return None;
            }
        }
        Some(Clash::Overlap)
    }
}

/// How two paths get in each other's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash {
    /// One lies in the other, or they are the same.
    Overlap,
    /// One sees a list where the other sees a map.
    Conflict,
}

impl fmt::Display for Path {
    /// `[a, b, [3]]`, as AWS' messages have it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}", self.attribute)?;
        for step in &self.steps {
            match step {
                Part::Name(name) => write!(f, ", {name}")?,
                Part::Index(index) => write!(f, ", [{index}]")?,
            }
        }
        f.write_str("]")
    }
}
