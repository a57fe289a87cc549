//! Conditions and filters, ready to be evaluated.

use super::compile;
use super::parser::Parser;
use super::path::Path;
use super::problem::{ExpressionKind, Problem};
use super::substitutions::Substitutions;
use crate::model::{AttributeValue, Type};
use std::collections::BTreeSet;

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparator {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparator {
    /// The comparator that is written so.
    pub fn from_text(text: &str) -> Option<Comparator> {
        Some(match text {
            "=" => Comparator::Equal,
            "<>" => Comparator::NotEqual,
            "<" => Comparator::Less,
            "<=" => Comparator::LessOrEqual,
            ">" => Comparator::Greater,
            ">=" => Comparator::GreaterOrEqual,
            _ => return None,
        })
    }

    /// As it is written.
    pub fn text(self) -> &'static str {
        match self {
            Comparator::Equal => "=",
            Comparator::NotEqual => "<>",
            Comparator::Less => "<",
            Comparator::LessOrEqual => "<=",
            Comparator::Greater => ">",
            Comparator::GreaterOrEqual => ">=",
        }
    }

    /// The comparator that says the same with the sides exchanged.
    pub fn mirrored(self) -> Comparator {
        match self {
            Comparator::Less => Comparator::Greater,
            Comparator::LessOrEqual => Comparator::GreaterOrEqual,
            Comparator::Greater => Comparator::Less,
            Comparator::GreaterOrEqual => Comparator::LessOrEqual,
            same => same,
        }
    }
}

/// What stands for a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// The value at a path.
    Path(Path),
    /// A value.
    Value(AttributeValue),
    /// `size(…)`.
    Size(Box<Operand>),
}

/// A condition over an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// All of them.
    And(Vec<Condition>),
    /// Any of them.
    Or(Vec<Condition>),
    /// The opposite.
    Not(Box<Condition>),
    /// A comparison.
    Compare(Operand, Comparator, Operand),
    /// The first lies between the others, bounds included.
    Between(Operand, Operand, Operand),
    /// The first equals one of the others.
    In(Operand, Vec<Operand>),
    /// `attribute_exists`.
    Exists(Path),
    /// `attribute_not_exists`.
    NotExists(Path),
    /// `attribute_type`.
    HasType(Operand, Type),
    /// `begins_with`.
    BeginsWith(Operand, Operand),
    /// `contains`.
    Contains(Operand, Operand),
}

impl Condition {
    /// Reads a condition or filter and checks everything that needs no item.
    pub fn parse(text: &str, kind: ExpressionKind, substitutions: &mut Substitutions) -> Result<Condition, Problem> {
        let (node, redundant) = Parser::new(text)?.condition()?;
        compile::condition(&node, redundant, kind, substitutions)
    }

    /// Names of all attributes that it looks at.
    pub fn attributes(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        self.each_path(&mut |path| {
            found.insert(path.attribute.as_str());
        });
        found
    }

    /// Calls back for every path in it.
    pub fn each_path<'a>(&'a self, see: &mut impl FnMut(&'a Path)) {
        match self {
            Condition::And(all) | Condition::Or(all) => all.iter().for_each(|c| c.each_path(see)),
            Condition::Not(condition) => condition.each_path(see),
            Condition::Exists(path) | Condition::NotExists(path) => see(path),
            Condition::Compare(a, _, b) | Condition::BeginsWith(a, b) | Condition::Contains(a, b) => {
                [a, b].into_iter().filter_map(Operand::path).for_each(see);
            }
            Condition::HasType(a, _) => a.path().into_iter().for_each(see),
            Condition::Between(a, b, c) => [a, b, c].into_iter().filter_map(Operand::path).for_each(see),
            Condition::In(a, list) => std::iter::once(a).chain(list).filter_map(Operand::path).for_each(see),
        }
    }
}

impl Operand {
    /// The path that the operand looks at.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Operand::Path(path) => Some(path),
            Operand::Size(inner) => inner.path(),
            Operand::Value(_) => None,
        }
    }
}
