//! Identifiers and small values that every floor shares. They are parsed once, at the door, and trusted afterwards.
//! Nothing here knows a service; what changes often does not belong here.

mod account;
mod arn;
mod blob;
mod clock;
mod ids;
mod region;
pub mod time;

pub use account::AccountId;
pub use arn::Arn;
pub use blob::Blob;
pub use clock::{Clock, ManualClock, SystemClock};
pub use ids::{Ids, RandomIds, SeededIds, hex, hex_digits};
pub use region::Region;
pub use time::Timestamp;

/// Tags of a resource, in key order.
pub type Tags = std::collections::BTreeMap<String, String>;

/// A text that is not what it should be; says what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError(pub &'static str);

impl std::fmt::Display for ParseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for ParseError {}
