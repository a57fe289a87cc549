//! Items, keys and expressions: pure, without store or request.

pub mod expression;
mod key;
mod number;
pub mod stored;
mod value;
mod value_json;

pub use key::{KeyAttribute, KeySchema, KeyType, encode_prefix, encode_scalar, partition_hash};
pub use number::{Number, NumberError};
pub use value::{AttributeValue, Attributes, Type};
pub use value_json::{Faults, read_attributes, read_value, sorted, write_attributes, write_value};

#[cfg(test)]
pub(crate) use value_json::tests::any_value;
