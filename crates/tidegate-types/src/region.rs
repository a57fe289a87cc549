//! The region that a resource lives in.

use crate::ParseError;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, sync::Arc};

/// A region code such as `us-east-1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region(Arc<str>);

impl Region {
    /// `us-east-1`, where the global services (IAM, STS) live too.
    pub fn us_east_1() -> Region {
        Region("us-east-1".into())
    }

    /// The region's code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Region {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Region, ParseError> {
        let mut parts = text.split('-').rev();
        let number =
            parts.next().is_some_and(|p| !p.is_empty() && p.len() <= 2 && p.bytes().all(|b| b.is_ascii_digit()));
        let names = parts.all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase()));
        let valid = number && names && text.matches('-').count() >= 2 && text.len() <= 32;
        valid.then(|| Region(text.into())).ok_or(ParseError("a region looks like us-east-1"))
    }
}

impl TryFrom<String> for Region {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Region, ParseError> {
        text.parse()
    }
}

impl From<Region> for String {
    fn from(region: Region) -> String {
        region.0.to_string()
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
