//! From syntax to conditions: puts names and values in and reports what is wrong in the order in which AWS does:
//! parentheses, unknown functions, functions in the wrong place, reserved words, then each condition's operands.

use super::condition::{Comparator, Condition, Operand};
use super::path::{Part, Path};
use super::problem::{ExpressionKind, Problem};
use super::reserved::is_reserved;
use super::substitutions::Substitutions;
use super::syntax::{Node, RawPart, RawPath};
use crate::limits;
use crate::model::{AttributeValue, Type};

type Result<T> = std::result::Result<T, Problem>;

/// Functions of conditions, with their number of operands.
const FUNCTIONS: [(&str, usize); 6] = [
    ("attribute_exists", 1),
    ("attribute_not_exists", 1),
    ("attribute_type", 2),
    ("begins_with", 2),
    ("contains", 2),
    ("size", 1),
];
const UPDATE_FUNCTIONS: [&str; 2] = ["if_not_exists", "list_append"];

/// Compiles a condition as written.
pub fn condition(
    node: &Node,
    redundant: bool,
    kind: ExpressionKind,
    substitutions: &mut Substitutions,
) -> Result<Condition> {
    if redundant {
        return Err(Problem::RedundantParentheses);
    }
    known_functions(node, kind)?;
    placed_functions(node, true)?;
    reserved_words(node)?;
    Compiler { substitutions }.condition(node)
}

fn known_functions(node: &Node, kind: ExpressionKind) -> Result<()> {
    if let Node::Function(name, _) = node {
        if UPDATE_FUNCTIONS.contains(&name.as_str()) {
            return Err(Problem::NotAllowed(name.clone(), kind));
        }
        if !FUNCTIONS.iter().any(|(known, _)| known == name) {
            return Err(Problem::UnknownFunction(name.clone()));
        }
    }
    node.children().into_iter().try_for_each(|child| known_functions(child, kind))
}

/// `size` stands for a value, all other functions for a condition.
fn placed_functions(node: &Node, as_condition: bool) -> Result<()> {
    if let Node::Function(name, _) = node
        && (name == "size") == as_condition
    {
        return Err(Problem::MisusedFunction(name.clone()));
    }
    let inner = matches!(node, Node::And(_) | Node::Or(_) | Node::Not(_));
    node.children().into_iter().try_for_each(|child| placed_functions(child, inner))
}

fn reserved_words(node: &Node) -> Result<()> {
    if let Node::Path(path) = node {
        return unreserved(path);
    }
    node.children().into_iter().try_for_each(reserved_words)
}

/// Complains about reserved words in a path.
pub fn unreserved(path: &RawPath) -> Result<()> {
    let reserved = path.iter().find_map(|part| match part {
        RawPart::Word(word) if is_reserved(word) => Some(word.clone()),
        _ => None,
    });
    reserved.map_or(Ok(()), |word| Err(Problem::Reserved(word)))
}

/// Puts names into a path.
pub fn path(raw: &RawPath, substitutions: &mut Substitutions) -> Result<Path> {
    let mut parts = raw.iter().map(|part| {
        Ok(match part {
            RawPart::Word(word) => Part::Name(word.clone()),
            RawPart::Name(name) => Part::Name(substitutions.name(name)?.to_owned()),
            RawPart::Index(index) => Part::Index(*index),
        })
    });
    let attribute = match parts.next().transpose()? {
        Some(Part::Name(name)) => name,
        // The parser begins every path with a name.
        _ => String::new(),
    };
    Ok(Path { attribute, steps: parts.collect::<Result<_>>()? })
}

struct Compiler<'a> {
    substitutions: &'a mut Substitutions,
}

impl Compiler<'_> {
    fn condition(&mut self, node: &Node) -> Result<Condition> {
        Ok(match node {
            Node::And(all) => Condition::And(all.iter().map(|n| self.condition(n)).collect::<Result<_>>()?),
            Node::Or(all) => Condition::Or(all.iter().map(|n| self.condition(n)).collect::<Result<_>>()?),
            Node::Not(inner) => Condition::Not(Box::new(self.condition(inner)?)),
            Node::Compare(operator, a, b) => self.comparison(operator, a, b)?,
            Node::Between(three) => self.between(three)?,
            Node::In(x, list) => self.membership(x, list)?,
            Node::Function(name, arguments) => self.function(name, arguments)?,
            // The parser lets no bare operand stand as a condition.
            Node::Path(_) | Node::Value(_) => return Err(Problem::Empty),
        })
    }

    fn operand(&mut self, node: &Node) -> Result<Operand> {
        Ok(match node {
            Node::Value(placeholder) => Operand::Value(self.substitutions.value(placeholder)?.clone()),
            Node::Path(raw) => Operand::Path(path(raw, self.substitutions)?),
            Node::Function(name, arguments) => {
                let operands = self.operands(arguments)?;
                let [inner] =
                    <[Operand; 1]>::try_from(operands).map_err(|o| Problem::OperandCount(name.clone(), o.len()))?;
                sized(&inner)?;
                Operand::Size(Box::new(inner))
            }
            // Conditions as operands do not parse.
            _ => return Err(Problem::Empty),
        })
    }

    fn operands(&mut self, nodes: &[Node]) -> Result<Vec<Operand>> {
        nodes.iter().map(|n| self.operand(n)).collect()
    }

    fn comparison(&mut self, operator: &str, a: &Node, b: &Node) -> Result<Condition> {
        let (a, b) = (self.operand(a)?, self.operand(b)?);
        distinct(operator, &a, &b)?;
        let comparator = Comparator::from_text(operator).unwrap_or(Comparator::Equal);
        if !matches!(comparator, Comparator::Equal | Comparator::NotEqual) {
            ordered(operator, [&a, &b])?;
        }
        Ok(Condition::Compare(a, comparator, b))
    }

    fn between(&mut self, three: &[Node; 3]) -> Result<Condition> {
        let (x, low, high) = (self.operand(&three[0])?, self.operand(&three[1])?, self.operand(&three[2])?);
        ordered("BETWEEN", [&x, &low, &high])?;
        if let (Operand::Value(low), Operand::Value(high)) = (&low, &high) {
            if low.kind() != high.kind() {
                return Err(Problem::BoundTypes(low.clone(), high.clone()));
            }
            if low.compare(high) == Some(std::cmp::Ordering::Greater) {
                return Err(Problem::BoundOrder(low.clone(), high.clone()));
            }
        }
        Ok(Condition::Between(x, low, high))
    }

    fn membership(&mut self, x: &Node, list: &[Node]) -> Result<Condition> {
        if list.len() > limits::IN_OPERANDS {
            return Err(Problem::TooManyInOperands(list.len() + 1));
        }
        Ok(Condition::In(self.operand(x)?, self.operands(list)?))
    }

    fn function(&mut self, name: &str, arguments: &[Node]) -> Result<Condition> {
        let operands = self.operands(arguments)?;
        let count = FUNCTIONS.iter().find(|(known, _)| *known == name).map_or(0, |(_, count)| *count);
        if operands.len() != count {
            return Err(Problem::OperandCount(name.to_owned(), operands.len()));
        }
        let mut operands = operands.into_iter();
        let (Some(first), second) = (operands.next(), operands.next()) else { return Err(Problem::Empty) };
        let Some(second) = second else { return existence(name, first) };
        distinct(name, &first, &second)?;
        Ok(match name {
            "begins_with" => {
                textual(name, [&first, &second])?;
                Condition::BeginsWith(first, second)
            }
            "contains" => Condition::Contains(first, second),
            _ => Condition::HasType(first, named_type(name, &second)?),
        })
    }
}

fn existence(name: &str, operand: Operand) -> Result<Condition> {
    match operand {
        Operand::Path(path) if name == "attribute_exists" => Ok(Condition::Exists(path)),
        Operand::Path(path) => Ok(Condition::NotExists(path)),
        _ => Err(Problem::NeedsPath(name.to_owned())),
    }
}

fn distinct(operator: &str, a: &Operand, b: &Operand) -> Result<()> {
    match (a, b) {
        (Operand::Path(one), Operand::Path(two)) if one == two => {
            Err(Problem::SameOperand(operator.to_owned(), one.clone()))
        }
        _ => Ok(()),
    }
}

fn refused(name: &str, operand: &Operand, allowed: fn(Type) -> bool) -> Result<()> {
    match operand {
        Operand::Value(value) if !allowed(value.kind()) => Err(Problem::OperandType(name.to_owned(), value.kind())),
        Operand::Size(_) if !allowed(Type::N) => Err(Problem::OperandType(name.to_owned(), Type::N)),
        _ => Ok(()),
    }
}

fn ordered<const N: usize>(name: &str, operands: [&Operand; N]) -> Result<()> {
    let scalar = |t| matches!(t, Type::S | Type::N | Type::B);
    operands.into_iter().try_for_each(|o| refused(name, o, scalar))
}

fn textual(name: &str, operands: [&Operand; 2]) -> Result<()> {
    operands.into_iter().try_for_each(|o| refused(name, o, |t| matches!(t, Type::S | Type::B)))
}

fn sized(operand: &Operand) -> Result<()> {
    refused("size", operand, |t| !matches!(t, Type::N | Type::Bool | Type::Null))
}

fn named_type(function: &str, operand: &Operand) -> Result<Type> {
    match operand {
        Operand::Value(AttributeValue::S(name)) => {
            Type::from_name(name).ok_or_else(|| Problem::UnknownType(name.clone()))
        }
        Operand::Value(value) => Err(Problem::OperandType(function.to_owned(), value.kind())),
        _ => Err(Problem::TypeIsNoValue(function.to_owned())),
    }
}
