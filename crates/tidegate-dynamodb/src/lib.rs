//! Amazon DynamoDB: tables, items, expressions, transactions.
//!
//! The pure part is [`model`]: values, keys, expressions. [`schema`] says what a table is and [`tables`] how tables and
//! items lie in the store; `engine` reads and writes items with their index entries; `operations` has one file for each
//! API operation; [`tasks`] has the background work that the server calls.

mod access;
mod engine;
pub mod error;
pub mod fuzz;
mod item_operation;
mod json;
mod legacy;
mod limits;
pub mod model;
mod operations;
mod request;
pub mod schema;
mod service;
pub mod tables;
pub mod tasks;

pub use error::Error;
pub use service::DynamoDb;
