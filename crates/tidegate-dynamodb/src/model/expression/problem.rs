//! What can be wrong with an expression, in AWS' words.

use super::Path;
use crate::model::{AttributeValue, Type};
use std::fmt;

/// Which parameter of the request an expression stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpressionKind {
    /// `ConditionExpression`.
    Condition,
    /// `FilterExpression`.
    Filter,
    /// `KeyConditionExpression`.
    KeyCondition,
    /// `ProjectionExpression`.
    Projection,
    /// `UpdateExpression`.
    Update,
}

impl ExpressionKind {
    /// The parameter's name.
    pub fn parameter(self) -> &'static str {
        match self {
            ExpressionKind::Condition => "ConditionExpression",
            ExpressionKind::Filter => "FilterExpression",
            ExpressionKind::KeyCondition => "KeyConditionExpression",
            ExpressionKind::Projection => "ProjectionExpression",
            ExpressionKind::Update => "UpdateExpression",
        }
    }
}

/// One thing wrong with an expression. Display gives AWS' sentence, without `Invalid …Expression: ` in front.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    /// No text.
    Empty,
    /// More bytes than allowed.
    TooLong(usize),
    /// More operators and functions than allowed.
    TooManyOperators,
    /// More operands of `IN` than allowed.
    TooManyInOperands(usize),
    /// A path or parentheses deeper than allowed.
    TooDeep,
    /// A list index larger than any.
    IndexRange(String),
    /// A token that does not fit; with the text around it.
    Syntax {
        /// The token, or `<EOF>`.
        token: String,
        /// It and its neighbors.
        near: String,
    },
    /// Parentheses around parentheses.
    RedundantParentheses,
    /// A reserved word as a name.
    Reserved(String),
    /// A `#name` without definition.
    UndefinedName(String),
    /// A `:value` without definition.
    UndefinedValue(String),
    /// A function that does not exist.
    UnknownFunction(String),
    /// A function that exists, but not here: `size` as a condition, a condition as an operand.
    MisusedFunction(String),
    /// A function that is not for update expressions, or not for conditions.
    NotAllowed(String, ExpressionKind),
    /// Too many or few operands.
    OperandCount(String, usize),
    /// An operand's type does not fit a function or comparison.
    OperandType(String, Type),
    /// `attribute_type` with something else than a value.
    TypeIsNoValue(String),
    /// `ADD` or `DELETE` with a type that they do not take.
    ActionType(&'static str, Type),
    /// A function wants a path.
    NeedsPath(String),
    /// Both operands are one path.
    SameOperand(String, Path),
    /// `attribute_type` with a text that is no type.
    UnknownType(String),
    /// `BETWEEN` with bounds of two types.
    BoundTypes(AttributeValue, AttributeValue),
    /// `BETWEEN` with the bounds swapped.
    BoundOrder(AttributeValue, AttributeValue),
    /// A second `SET` (or other) section.
    RepeatedSection(&'static str),
    /// Two paths of which one lies in the other.
    Overlap(Path, Path),
    /// Two paths that see one place as a list and as a map.
    Conflict(Path, Path),
    /// An operator that key conditions do not have.
    KeyOperator(String),
    /// A function inside a key condition's operand.
    KeyNested,
    /// A key condition on a part of an attribute.
    KeyNestedPath,
    /// A key condition without an attribute.
    KeyWithoutAttribute,
    /// A key condition with two attributes.
    KeyTwoAttributes,
    /// Two conditions on one attribute.
    KeyRepeated,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::IndexRange(digits) => {
                write!(f, "List index is not within the allowable range; index: [{digits}]")
            }
            Problem::Syntax { token, near } => write!(f, "Syntax error; token: \"{token}\", near: \"{near}\""),
            Problem::Reserved(word) => {
                write!(f, "Attribute name is a reserved keyword; reserved keyword: {word}")
            }
            Problem::UndefinedName(name) => write!(
                f,
                "An expression attribute name used in the document path is not defined; attribute name: {name}"
            ),
            Problem::UndefinedValue(value) => {
                write!(f, "An expression attribute value used in expression is not defined; attribute value: {value}")
            }
            Problem::UnknownFunction(name) => write!(f, "Invalid function name; function: {name}"),
            Problem::MisusedFunction(name) => {
                write!(f, "The function is not allowed to be used this way in an expression; function: {name}")
            }
            Problem::NotAllowed(name, kind) => {
                let place = if *kind == ExpressionKind::Update { "an update" } else { "a condition" };
                write!(f, "The function is not allowed in {place} expression; function: {name}")
            }
            other => other.fmt_operands(f),
        }
    }
}

impl Problem {
    fn fmt_operands(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::OperandCount(name, count) => write!(
                f,
                "Incorrect number of operands for operator or function; operator or function: {name}, number of operands: {count}"
            ),
            Problem::OperandType(name, kind) => write!(
                f,
                "Incorrect operand type for operator or function; operator or function: {name}, operand type: {kind}"
            ),
            Problem::TypeIsNoValue(name) => write!(
                f,
                "Incorrect operand type for operator or function; operator or function: {name}, operand type: {{NS,SS,L,BS,N,M,B,BOOL,NULL,S}}"
            ),
            Problem::ActionType(action, kind) => write!(
                f,
                "Incorrect operand type for operator or function; operator: {action}, operand type: {}, typeSet: ALLOWED_FOR_{action}_OPERAND",
                kind.word()
            ),
            Problem::NeedsPath(name) => {
                write!(f, "Operator or function requires a document path; operator or function: {name}")
            }
            Problem::SameOperand(operator, path) => write!(
                f,
                "The first operand must be distinct from the remaining operands for this operator or function; operator: {operator}, first operand: {path}"
            ),
            Problem::UnknownType(name) => write!(
                f,
                "Invalid attribute type name found; type: {name}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}"
            ),
            Problem::BoundTypes(low, high) => write!(
                f,
                "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: {}, upper bound operand: {}",
                Shown(low),
                Shown(high)
            ),
            Problem::BoundOrder(low, high) => write!(
                f,
                "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: {}, upper bound operand: {}",
                Shown(low),
                Shown(high)
            ),
            other => other.fmt_structure(f),
        }
    }

    fn fmt_structure(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Empty => f.write_str("The expression can not be empty;"),
            Problem::TooLong(size) => {
                write!(f, "Expression size has exceeded the maximum allowed size; expression size: {size}")
            }
            Problem::TooManyOperators => f.write_str("The expression contains too many operators;"),
            Problem::TooManyInOperands(count) => write!(
                f,
                "Incorrect number of operands for operator or function; operator or function: IN, number of operands: {count}"
            ),
            Problem::TooDeep => f.write_str("The document path has too many nesting levels;"),
            Problem::RedundantParentheses => f.write_str("The expression has redundant parentheses;"),
            Problem::RepeatedSection(section) => {
                write!(f, "The \"{section}\" section can only be used once in an update expression;")
            }
            Problem::Overlap(one, two) => write!(
                f,
                "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: {one}, path two: {two}"
            ),
            Problem::Conflict(one, two) => write!(
                f,
                "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: {one}, path two: {two}"
            ),
            Problem::KeyOperator(name) => write!(f, "Invalid operator used in KeyConditionExpression: {name}"),
            Problem::KeyNested => f.write_str("KeyConditionExpressions cannot contain nested operations"),
            Problem::KeyNestedPath => {
                f.write_str("KeyConditionExpressions cannot have conditions on nested attributes")
            }
            Problem::KeyWithoutAttribute => {
                f.write_str("Invalid condition in KeyConditionExpression: No key attribute specified")
            }
            Problem::KeyTwoAttributes => f.write_str(
                "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
            ),
            _ => f.write_str("KeyConditionExpressions must only contain one condition per key"),
        }
    }
}

/// A scalar as AWS prints it in messages: `AttributeValue: {N:1}`.
struct Shown<'a>(&'a AttributeValue);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            AttributeValue::S(text) => write!(f, "AttributeValue: {{S:{text}}}"),
            AttributeValue::N(number) => write!(f, "AttributeValue: {{N:{number}}}"),
            AttributeValue::B(bytes) => {
                use base64::{Engine, engine::general_purpose::STANDARD};
                write!(f, "AttributeValue: {{B:{}}}", STANDARD.encode(bytes))
            }
            other => write!(f, "AttributeValue: {{{}}}", other.kind()),
        }
    }
}
