//! The region that a resource lives in.

use crate::ParseError;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Bytes of a region's code at most.
const CODE_BYTES_MAX: usize = 31;

/// A region code such as `us-east-1`. It lies in the value itself, because every request carries one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region {
    /// Filled up with zeros, so that the order is the texts' order.
    code: [u8; CODE_BYTES_MAX],
    length: u8,
}

impl Region {
    /// `us-east-1`, where the global services (IAM, STS) live too.
    pub fn us_east_1() -> Region {
        Region::of("us-east-1")
    }

    /// The region's code.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.code[..usize::from(self.length)]).expect("it was made of letters, digits and hyphens")
    }

    /// A code of at most [`CODE_BYTES_MAX`] bytes.
    fn of(text: &str) -> Region {
        let mut code = [0; CODE_BYTES_MAX];
        code[..text.len()].copy_from_slice(text.as_bytes());
        Region { code, length: text.len() as u8 }
    }
}

impl FromStr for Region {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Region, ParseError> {
        let mut parts = text.split('-').rev();
        let number =
            parts.next().is_some_and(|p| !p.is_empty() && p.len() <= 2 && p.bytes().all(|b| b.is_ascii_digit()));
        let names = parts.all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase()));
        let valid = number && names && text.matches('-').count() >= 2 && text.len() <= CODE_BYTES_MAX;
        valid.then(|| Region::of(text)).ok_or(ParseError("a region looks like us-east-1"))
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
        region.as_str().to_owned()
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
