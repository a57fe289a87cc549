//! Answers of the simplest shapes, for operations that need no type of their own for them.

use serde::{Serialize, Serializer};

/// An answer without members.
#[derive(Debug, Serialize)]
pub struct Empty {}

/// An answer of one member: its name, and what it holds.
#[derive(Debug)]
pub struct One<T>(pub &'static str, pub T);

impl<T: Serialize> Serialize for One<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(self.0, &self.1)])
    }
}
