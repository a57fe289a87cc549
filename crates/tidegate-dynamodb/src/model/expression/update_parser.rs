//! The grammar of update expressions.

use super::lexer::Kind;
use super::parser::Parser;
use super::problem::Problem;
use super::syntax::{Node, RawAction, RawPath, RawSetValue};

type Result<T> = std::result::Result<T, Problem>;

const SECTIONS: [&str; 4] = ["SET", "REMOVE", "ADD", "DELETE"];

/// The actions as written, and the first section that stands twice.
pub fn parse(text: &str) -> Result<(Vec<RawAction>, Option<&'static str>)> {
    let mut parser = Parser::new(text)?;
    let mut actions = Vec::new();
    let mut seen = Vec::new();
    let mut repeated = None;
    while parser.kind() != Kind::End {
        let section = SECTIONS.into_iter().find(|s| parser.eat_word(s)).ok_or_else(|| parser.unexpected())?;
        if seen.contains(&section) {
            repeated = repeated.or(Some(section));
        }
        seen.push(section);
        actions.extend(parser.list(match section {
            "SET" => set,
            "REMOVE" => remove,
            "ADD" => add,
            _ => delete,
        })?);
    }
    Ok((actions, repeated))
}

fn is_section(word: &str) -> bool {
    SECTIONS.iter().any(|s| s.eq_ignore_ascii_case(word))
}

fn target(parser: &mut Parser<'_>) -> Result<RawPath> {
    parser.operator()?;
    parser.path(is_section)
}

fn set(parser: &mut Parser<'_>) -> Result<RawAction> {
    let path = target(parser)?;
    parser.expect("=")?;
    Ok(RawAction::Set(path, set_value(parser)?))
}

/// A value; parentheses may stand around the whole sum, or around each operand.
fn set_value(parser: &mut Parser<'_>) -> Result<RawSetValue> {
    if parser.eat("(") {
        let inner = parser.deeper(set_value)?;
        parser.expect(")")?;
        return match inner {
            RawSetValue::Operand(left) => sum(parser, left),
            whole => Ok(whole),
        };
    }
    let left = operand(parser)?;
    sum(parser, left)
}

fn sum(parser: &mut Parser<'_>, left: Node) -> Result<RawSetValue> {
    if parser.eat("+") {
        parser.operator()?;
        return Ok(RawSetValue::Plus(left, operand(parser)?));
    }
    if parser.eat("-") {
        parser.operator()?;
        return Ok(RawSetValue::Minus(left, operand(parser)?));
    }
    Ok(RawSetValue::Operand(left))
}

fn operand(parser: &mut Parser<'_>) -> Result<Node> {
    if parser.eat("(") {
        let inner = parser.deeper(operand)?;
        parser.expect(")")?;
        return Ok(inner);
    }
    if parser.kind() == Kind::Value {
        return Ok(Node::Value(parser.advance().to_owned()));
    }
    if let Some(function) = parser.function(operand)? {
        return Ok(function);
    }
    Ok(Node::Path(parser.path(is_section)?))
}

fn remove(parser: &mut Parser<'_>) -> Result<RawAction> {
    Ok(RawAction::Remove(target(parser)?))
}

fn path_and_value(parser: &mut Parser<'_>) -> Result<(RawPath, String)> {
    let path = target(parser)?;
    if parser.kind() == Kind::Value { Ok((path, parser.advance().to_owned())) } else { Err(parser.unexpected()) }
}

fn add(parser: &mut Parser<'_>) -> Result<RawAction> {
    path_and_value(parser).map(|(path, value)| RawAction::Add(path, value))
}

fn delete(parser: &mut Parser<'_>) -> Result<RawAction> {
    path_and_value(parser).map(|(path, value)| RawAction::Delete(path, value))
}
