//! Amazon DynamoDB: tables, items, expressions, transactions.

pub mod error;
mod json;
mod limits;
pub mod model;
