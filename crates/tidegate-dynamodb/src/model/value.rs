//! Attribute values and items.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html>

use super::Number;
use std::fmt;

/// The value of an attribute. Sets are sorted and without duplicates, so that equality is the sets' own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeValue {
    /// Text.
    S(String),
    /// A number.
    N(Number),
    /// Bytes.
    B(Vec<u8>),
    /// True or false.
    Bool(bool),
    /// Null.
    Null,
    /// A list.
    L(Vec<AttributeValue>),
    /// A map.
    M(Attributes),
    /// A set of texts.
    SS(Vec<String>),
    /// A set of numbers.
    NS(Vec<Number>),
    /// A set of bytes.
    BS(Vec<Vec<u8>>),
}

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the API's own names, told at AttributeValue")]
pub enum Type {
    S,
    N,
    B,
    Bool,
    Null,
    L,
    M,
    SS,
    NS,
    BS,
}

impl Type {
    /// All types.
    pub const ALL: [Type; 10] =
        [Type::S, Type::N, Type::B, Type::Bool, Type::Null, Type::L, Type::M, Type::SS, Type::NS, Type::BS];

    /// The type's descriptor on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Type::S => "S",
            Type::N => "N",
            Type::B => "B",
            Type::Bool => "BOOL",
            Type::Null => "NULL",
            Type::L => "L",
            Type::M => "M",
            Type::SS => "SS",
            Type::NS => "NS",
            Type::BS => "BS",
        }
    }

    /// The type of this descriptor.
    pub fn from_name(name: &str) -> Option<Type> {
        Type::ALL.into_iter().find(|t| t.name() == name)
    }

    /// The word that AWS' messages about `ADD` and `DELETE` use.
    pub fn word(self) -> &'static str {
        match self {
            Type::S => "STRING",
            Type::N => "NUMBER",
            Type::B => "BINARY",
            Type::Bool => "BOOLEAN",
            Type::Null => "NULL",
            Type::L => "LIST",
            Type::M => "MAP",
            Type::SS => "STRING_SET",
            Type::NS => "NUMBER_SET",
            Type::BS => "BINARY_SET",
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl AttributeValue {
    /// The value's type.
    pub fn kind(&self) -> Type {
        match self {
            AttributeValue::S(_) => Type::S,
            AttributeValue::N(_) => Type::N,
            AttributeValue::B(_) => Type::B,
            AttributeValue::Bool(_) => Type::Bool,
            AttributeValue::Null => Type::Null,
            AttributeValue::L(_) => Type::L,
            AttributeValue::M(_) => Type::M,
            AttributeValue::SS(_) => Type::SS,
            AttributeValue::NS(_) => Type::NS,
            AttributeValue::BS(_) => Type::BS,
        }
    }

    /// Bytes that DynamoDB counts for the value.
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>
    pub fn size(&self) -> usize {
        match self {
            AttributeValue::S(text) => text.len(),
            AttributeValue::N(number) => number.size(),
            AttributeValue::B(bytes) => bytes.len(),
            AttributeValue::Bool(_) | AttributeValue::Null => 1,
            // Three bytes for the container and one for each element.
            AttributeValue::L(list) => 3 + list.iter().map(|v| 1 + v.size()).sum::<usize>(),
            AttributeValue::M(map) => 3 + map.iter().map(|(name, v)| 1 + name.len() + v.size()).sum::<usize>(),
            AttributeValue::SS(set) => set.iter().map(String::len).sum(),
            AttributeValue::NS(set) => set.iter().map(Number::size).sum(),
            AttributeValue::BS(set) => set.iter().map(Vec::len).sum(),
        }
    }

    /// Levels of maps and lists: 1 for a scalar.
    pub fn levels(&self) -> usize {
        match self {
            AttributeValue::L(list) => 1 + list.iter().map(AttributeValue::levels).max().unwrap_or(0),
            AttributeValue::M(map) => 1 + map.iter().map(|(_, v)| v.levels()).max().unwrap_or(0),
            _ => 1,
        }
    }
}

/// Named values in name order: an item, a key, or a map.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attributes(Vec<(String, AttributeValue)>);

impl Attributes {
    /// Without attributes.
    pub fn new() -> Attributes {
        Attributes::default()
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(n, _)| n.as_str().cmp(name))
    }

    /// The value of this name.
    pub fn get(&self, name: &str) -> Option<&AttributeValue> {
        self.find(name).ok().map(|at| &self.0[at].1)
    }

    /// The value of this name, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut AttributeValue> {
        self.find(name).ok().map(|at| &mut self.0[at].1)
    }

    /// Whether the name is there.
    pub fn contains(&self, name: &str) -> bool {
        self.find(name).is_ok()
    }

    /// Sets a value and gives the one before.
    pub fn insert(&mut self, name: String, value: AttributeValue) -> Option<AttributeValue> {
        match self.find(&name) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (name, value));
                None
            }
        }
    }

    /// Takes a value out.
    pub fn remove(&mut self, name: &str) -> Option<AttributeValue> {
        self.find(name).ok().map(|at| self.0.remove(at).1)
    }

    /// How many attributes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values in name order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &AttributeValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Bytes that DynamoDB counts for an item of these attributes.
    pub fn size(&self) -> usize {
        self.iter().map(|(name, value)| name.len() + value.size()).sum()
    }
}

impl FromIterator<(String, AttributeValue)> for Attributes {
    /// Of two values with one name the later one stays, as JSON readers do.
    fn from_iter<I: IntoIterator<Item = (String, AttributeValue)>>(pairs: I) -> Attributes {
        let mut all: Vec<_> = pairs.into_iter().collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                std::mem::swap(&mut later.1, &mut kept.1);
            }
            same
        });
        Attributes(all)
    }
}

impl IntoIterator for Attributes {
    type Item = (String, AttributeValue);
    type IntoIter = std::vec::IntoIter<(String, AttributeValue)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
