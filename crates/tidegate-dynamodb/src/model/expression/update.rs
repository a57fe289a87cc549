//! Updates, ready to be applied, and everything about them that can be checked without the item.

use super::compile::{self, unreserved};
use super::path::Path;
use super::problem::{ExpressionKind, Problem};
use super::projection::check_clashes;
use super::substitutions::Substitutions;
use super::syntax::{Node, RawAction, RawSetValue};
use super::update_parser;
use crate::model::{AttributeValue, Type};

type Result<T> = std::result::Result<T, Problem>;

/// One change of an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Put a value there.
    Set(Path, SetValue),
    /// Take away what is there.
    Remove(Path),
    /// Add a number, or elements to a set.
    Add(Path, AttributeValue),
    /// Take elements out of a set.
    Delete(Path, AttributeValue),
}

/// What `SET` puts.
#[derive(Debug, Clone, PartialEq)]
pub enum SetValue {
    /// A value as it is.
    Operand(SetOperand),
    /// A sum of numbers.
    Plus(SetOperand, SetOperand),
    /// A difference of numbers.
    Minus(SetOperand, SetOperand),
}

/// What stands for a value in `SET`.
#[derive(Debug, Clone, PartialEq)]
pub enum SetOperand {
    /// The value at a path, which must be there.
    Path(Path),
    /// A value.
    Value(AttributeValue),
    /// The value at a path, or the operand if nothing is there.
    IfNotExists(Path, Box<SetOperand>),
    /// Two lists, one behind the other.
    ListAppend(Box<SetOperand>, Box<SetOperand>),
}

impl Action {
    /// What it changes.
    pub fn path(&self) -> &Path {
        match self {
            Action::Set(path, _) | Action::Remove(path) | Action::Add(path, _) | Action::Delete(path, _) => path,
        }
    }
}

/// A whole update; no two actions get in each other's way.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Update {
    /// The changes. All of them see the item as it was before.
    pub actions: Vec<Action>,
}

impl Update {
    /// Reads an `UpdateExpression` and checks everything that needs no item.
    pub fn parse(text: &str, substitutions: &mut Substitutions) -> Result<Update> {
        let (raw, repeated) = update_parser::parse(text)?;
        raw.iter().try_for_each(reserved_words)?;
        raw.iter().filter_map(set_nodes).flatten().try_for_each(known_functions)?;
        if let Some(section) = repeated {
            return Err(Problem::RepeatedSection(section));
        }
        raw.iter().try_for_each(|a| resolve_names(a, substitutions))?;
        raw.iter().try_for_each(|a| resolve_values(a, substitutions))?;
        let paths = raw.iter().map(|a| compile::path(raw_path(a), substitutions)).collect::<Result<Vec<_>>>()?;
        check_clashes(&paths)?;
        let mut compiler = Compiler { substitutions };
        raw.iter().try_for_each(|action| compiler.check_action(action))?;
        let actions =
            raw.iter().zip(paths).map(|(action, path)| compiler.action(action, path)).collect::<Result<_>>()?;
        Ok(Update { actions })
    }

    /// The attributes that it changes.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.actions.iter().map(|a| a.path().attribute.as_str())
    }
}

fn raw_path(action: &RawAction) -> &super::syntax::RawPath {
    match action {
        RawAction::Set(path, _) | RawAction::Remove(path) | RawAction::Add(path, _) | RawAction::Delete(path, _) => {
            path
        }
    }
}

fn set_nodes(action: &RawAction) -> Option<Vec<&Node>> {
    match action {
        RawAction::Set(_, RawSetValue::Operand(a)) => Some(vec![a]),
        RawAction::Set(_, RawSetValue::Plus(a, b) | RawSetValue::Minus(a, b)) => Some(vec![a, b]),
        _ => None,
    }
}

fn each_node<'a>(node: &'a Node, see: &mut impl FnMut(&'a Node) -> Result<()>) -> Result<()> {
    see(node)?;
    node.children().into_iter().try_for_each(|child| each_node(child, see))
}

fn each_action_node<'a>(action: &'a RawAction, mut see: impl FnMut(&'a Node) -> Result<()>) -> Result<()> {
    set_nodes(action).into_iter().flatten().try_for_each(|node| each_node(node, &mut see))
}

fn reserved_words(action: &RawAction) -> Result<()> {
    unreserved(raw_path(action))?;
    each_action_node(action, |node| if let Node::Path(path) = node { unreserved(path) } else { Ok(()) })
}

fn known_functions(node: &Node) -> Result<()> {
    each_node(node, &mut |node| match node {
        Node::Function(name, _) if !["if_not_exists", "list_append"].contains(&name.as_str()) => {
            let condition =
                ["attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size"];
            let exists = condition.contains(&name.as_str());
            Err(if exists {
                Problem::NotAllowed(name.clone(), ExpressionKind::Update)
            } else {
                Problem::UnknownFunction(name.clone())
            })
        }
        _ => Ok(()),
    })
}

fn resolve_names(action: &RawAction, substitutions: &mut Substitutions) -> Result<()> {
    compile::path(raw_path(action), substitutions)?;
    each_action_node(action, |node| {
        if let Node::Path(path) = node { compile::path(path, substitutions).map(drop) } else { Ok(()) }
    })
}

fn resolve_values(action: &RawAction, substitutions: &mut Substitutions) -> Result<()> {
    if let RawAction::Add(_, value) | RawAction::Delete(_, value) = action {
        substitutions.value(value)?;
    }
    each_action_node(
        action,
        |node| {
            if let Node::Value(value) = node { substitutions.value(value).map(drop) } else { Ok(()) }
        },
    )
}

struct Compiler<'a> {
    substitutions: &'a mut Substitutions,
}

impl Compiler<'_> {
    /// `ADD` and `DELETE` are judged before functions.
    fn check_action(&mut self, action: &RawAction) -> Result<()> {
        let set = |t| matches!(t, Type::SS | Type::NS | Type::BS);
        match action {
            RawAction::Add(_, value) => match self.substitutions.value(value)?.kind() {
                kind if set(kind) || kind == Type::N => Ok(()),
                kind => Err(Problem::ActionType("ADD", kind)),
            },
            RawAction::Delete(_, value) => match self.substitutions.value(value)?.kind() {
                kind if set(kind) => Ok(()),
                kind => Err(Problem::ActionType("DELETE", kind)),
            },
            _ => Ok(()),
        }
    }

    fn action(&mut self, action: &RawAction, path: Path) -> Result<Action> {
        Ok(match action {
            RawAction::Set(_, value) => Action::Set(path, self.set_value(value)?),
            RawAction::Remove(_) => Action::Remove(path),
            RawAction::Add(_, value) => Action::Add(path, self.substitutions.value(value)?.clone()),
            RawAction::Delete(_, value) => Action::Delete(path, self.substitutions.value(value)?.clone()),
        })
    }

    fn set_value(&mut self, value: &RawSetValue) -> Result<SetValue> {
        Ok(match value {
            RawSetValue::Operand(a) => SetValue::Operand(self.operand(a)?),
            RawSetValue::Plus(a, b) => {
                let (a, b) = self.numbers("+", a, b)?;
                SetValue::Plus(a, b)
            }
            RawSetValue::Minus(a, b) => {
                let (a, b) = self.numbers("-", a, b)?;
                SetValue::Minus(a, b)
            }
        })
    }

    fn numbers(&mut self, operator: &str, a: &Node, b: &Node) -> Result<(SetOperand, SetOperand)> {
        let (a, b) = (self.operand(a)?, self.operand(b)?);
        [&a, &b].into_iter().try_for_each(|o| of_type(operator, o, Type::N))?;
        Ok((a, b))
    }

    fn operand(&mut self, node: &Node) -> Result<SetOperand> {
        Ok(match node {
            Node::Value(value) => SetOperand::Value(self.substitutions.value(value)?.clone()),
            Node::Path(path) => SetOperand::Path(compile::path(path, self.substitutions)?),
            Node::Function(name, arguments) => self.function(name, arguments)?,
            // The grammar of updates has no other operands.
            _ => return Err(Problem::Empty),
        })
    }

    fn function(&mut self, name: &str, arguments: &[Node]) -> Result<SetOperand> {
        let operands = arguments.iter().map(|n| self.operand(n)).collect::<Result<Vec<_>>>()?;
        let [first, second] = <[SetOperand; 2]>::try_from(operands)
            .map_err(|operands| Problem::OperandCount(name.to_owned(), operands.len()))?;
        if name == "if_not_exists" {
            return match first {
                SetOperand::Path(path) => Ok(SetOperand::IfNotExists(path, Box::new(second))),
                _ => Err(Problem::NeedsPath(name.to_owned())),
            };
        }
        [&first, &second].into_iter().try_for_each(|o| of_type(name, o, Type::L))?;
        Ok(SetOperand::ListAppend(Box::new(first), Box::new(second)))
    }
}

fn of_type(name: &str, operand: &SetOperand, wanted: Type) -> Result<()> {
    match operand {
        SetOperand::Value(value) if value.kind() != wanted => Err(Problem::OperandType(name.to_owned(), value.kind())),
        SetOperand::ListAppend(..) if wanted != Type::L => Err(Problem::OperandType(name.to_owned(), Type::L)),
        _ => Ok(()),
    }
}
