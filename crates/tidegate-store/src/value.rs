//! How values become bytes.

use serde::{Serialize, de::DeserializeOwned};

/// What a table can hold. Every serde type is one, stored as JSON; types with an encoding of their own implement it
/// themselves (and then not serde's traits).
pub trait Value: Sized {
    /// The stored form, or why there is none.
    fn to_bytes(&self) -> Result<Vec<u8>, String>;

    /// The value of a stored form, or why it has none. Must not panic, whatever the bytes.
    fn from_bytes(bytes: &[u8]) -> Result<Self, String>;
}

impl<T: Serialize + DeserializeOwned> Value for T {
    fn to_bytes(&self) -> Result<Vec<u8>, String> {
        serde_json::to_vec(self).map_err(|e| e.to_string())
    }

    fn from_bytes(bytes: &[u8]) -> Result<T, String> {
        serde_json::from_slice(bytes).map_err(|e| e.to_string())
    }
}

/// Bytes that are stored as they are, without JSON around them.
#[derive(Debug, Clone, PartialEq, Eq, Default, PartialOrd, Ord, Hash)]
pub struct Raw(pub Vec<u8>);

impl Value for Raw {
    fn to_bytes(&self) -> Result<Vec<u8>, String> {
        Ok(self.0.clone())
    }

    fn from_bytes(bytes: &[u8]) -> Result<Raw, String> {
        Ok(Raw(bytes.to_vec()))
    }
}
