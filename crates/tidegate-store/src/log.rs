//! The write-ahead log: each group of changes is one record, on disk before anybody is told.
//!
//! The log is a chain of numbered segments. A segment lives in a file that was filled beforehand, and files are used
//! again, so that a sync has data to write and no metadata. What is left in a file from an older segment is told apart
//! by the segment's number in each record. A record is a header of 32 bytes (see [`Header`]) and its payload, padded
//! to 8 bytes.
//!
//! A record that does not fit its checksum is the torn end of the log, unless something behind it proves that it was
//! acknowledged: a later record, or a mark, which the writer leaves behind the last record once that is on disk. With
//! such a proof it is damage, and the store does not open.

pub(crate) mod header;
mod replay;
mod writer;

use header::Header;
pub(crate) use replay::{From, replay};
pub(crate) use writer::{LogWriter, Retired};

/// The directory of the log's files.
pub(crate) const DIR: &str = "log";
