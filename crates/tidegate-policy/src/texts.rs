//! What most elements of a policy hold.

use crate::Malformed;
use serde_json::Value;

/// A string or an array of strings.
pub(crate) fn texts(value: &Value) -> Result<Vec<&str>, Malformed> {
    match value {
        Value::String(text) => Ok(vec![text]),
        Value::Array(values) => values.iter().map(|v| v.as_str().ok_or(Malformed::Syntax)).collect(),
        _ => Err(Malformed::Syntax),
    }
}
