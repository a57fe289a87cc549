//! The expression language: conditions, filters, projections, key conditions, updates.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html>
//!
//! Text becomes tokens ([`lexer`]), a syntax tree as written ([`parser`]), and, with names and values put in and every
//! static rule checked in AWS' order, a tree that cannot fail to be evaluated ([`condition`], [`update`], [`projection`]).

mod apply;
mod compile;
mod condition;
mod eval;
mod key_condition;
mod lexer;
mod parser;
mod path;
mod problem;
mod projection;
mod reserved;
mod substitutions;
mod syntax;
mod update;
mod update_parser;

pub use apply::UpdateFailure;
pub use condition::{Comparator, Condition, Operand};
pub use key_condition::{KeyCondition, KeyTest};
pub use path::{Part, Path};
pub use problem::{ExpressionKind, Problem};
pub use projection::Projection;
pub use substitutions::Substitutions;
pub use update::{Action, SetOperand, SetValue, Update};

#[cfg(test)]
mod condition_tests;
#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod update_tests;
