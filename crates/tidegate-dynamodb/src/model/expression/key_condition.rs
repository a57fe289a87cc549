//! Key conditions: which items a query visits. Whether they fit the key schema is for the query to say.

use super::condition::{Comparator, Condition, Operand};
use super::parser::Parser;
use super::problem::{ExpressionKind, Problem};
use super::substitutions::Substitutions;
use super::{compile, syntax::Node};
use crate::model::AttributeValue;

type Result<T> = std::result::Result<T, Problem>;

/// What a key attribute must be.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyTest {
    /// Compared with a value; never `<>`.
    Compare(Comparator, AttributeValue),
    /// Between two values, bounds included.
    Between(AttributeValue, AttributeValue),
    /// Beginning with a text or bytes.
    BeginsWith(AttributeValue),
}

impl KeyTest {
    /// The values in it.
    pub fn values(&self) -> Vec<&AttributeValue> {
        match self {
            KeyTest::Compare(_, value) | KeyTest::BeginsWith(value) => vec![value],
            KeyTest::Between(low, high) => vec![low, high],
        }
    }
}

/// Tests of different attributes; all must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KeyCondition {
    /// Attribute and test, in the order of the text.
    pub tests: Vec<(String, KeyTest)>,
}

impl KeyCondition {
    /// Reads a `KeyConditionExpression`.
    pub fn parse(text: &str, substitutions: &mut Substitutions) -> Result<KeyCondition> {
        let (node, redundant) = Parser::new(text)?.condition()?;
        // Misuse is told before operands: the tree is compiled first for its own errors.
        let condition = compile::condition(&node, redundant, ExpressionKind::KeyCondition, substitutions);
        let condition = match condition {
            Err(Problem::MisusedFunction(_)) if has_size(&node) => return Err(Problem::KeyOperator("size".to_owned())),
            other => other?,
        };
        let mut found = KeyCondition::default();
        found.collect(&condition)?;
        Ok(found)
    }

    /// The test of this attribute.
    pub fn test(&self, attribute: &str) -> Option<&KeyTest> {
        self.tests.iter().find(|(name, _)| name == attribute).map(|(_, test)| test)
    }

    fn collect(&mut self, condition: &Condition) -> Result<()> {
        let operator = |name: &str| Err(Problem::KeyOperator(name.to_owned()));
        match condition {
            Condition::And(all) => all.iter().try_for_each(|c| self.collect(c)),
            Condition::Or(_) => operator("OR"),
            Condition::Not(_) => operator("NOT"),
            Condition::In(..) => operator("IN"),
            Condition::Exists(_) => operator("attribute_exists"),
            Condition::NotExists(_) => operator("attribute_not_exists"),
            Condition::HasType(..) => operator("attribute_type"),
            Condition::Contains(..) => operator("contains"),
            Condition::Compare(_, Comparator::NotEqual, _) => operator("<>"),
            Condition::Compare(a, comparator, b) => self.comparison(a, *comparator, b),
            Condition::Between(x, low, high) => {
                let (name, values) = attribute_and_values([x, low, high])?;
                let [low, high] = <[AttributeValue; 2]>::try_from(values).map_err(|_| Problem::KeyWithoutAttribute)?;
                self.push(name, KeyTest::Between(low, high))
            }
            Condition::BeginsWith(a, b) => {
                let (name, mut values) = attribute_and_values([a, b])?;
                let prefix = values.pop().ok_or(Problem::KeyWithoutAttribute)?;
                self.push(name, KeyTest::BeginsWith(prefix))
            }
        }
    }

    fn comparison(&mut self, a: &Operand, comparator: Comparator, b: &Operand) -> Result<()> {
        let comparator = if matches!(a, Operand::Value(_)) { comparator.mirrored() } else { comparator };
        let (name, mut values) = attribute_and_values([a, b])?;
        let value = values.pop().ok_or(Problem::KeyWithoutAttribute)?;
        self.push(name, KeyTest::Compare(comparator, value))
    }

    fn push(&mut self, name: String, test: KeyTest) -> Result<()> {
        if self.test(&name).is_some() {
            return Err(Problem::KeyRepeated);
        }
        self.tests.push((name, test));
        Ok(())
    }
}

fn has_size(node: &Node) -> bool {
    matches!(node, Node::Function(name, _) if name == "size") || node.children().into_iter().any(has_size)
}

fn attribute_and_values<const N: usize>(operands: [&Operand; N]) -> Result<(String, Vec<AttributeValue>)> {
    let mut name = None;
    let mut values = Vec::new();
    for operand in operands {
        match operand {
            Operand::Size(_) => return Err(Problem::KeyNested),
            Operand::Value(value) => values.push(value.clone()),
            Operand::Path(_) if name.is_some() => return Err(Problem::KeyTwoAttributes),
            Operand::Path(path) if !path.steps.is_empty() => return Err(Problem::KeyNestedPath),
            Operand::Path(path) => name = Some(path.attribute.clone()),
        }
    }
    name.map(|name| (name, values)).ok_or(Problem::KeyWithoutAttribute)
}
