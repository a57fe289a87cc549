//! Events: how they are stored in rows, and how they are read back in the order of their time.

mod merge;
mod position;
mod read;
mod row;

pub(crate) use merge::Merge;
pub(crate) use position::{Bound, Position};
pub(crate) use read::{Event, StreamEvents, times};
pub(crate) use row::{Row, append, new_stream, remove_before, sequence_token, stored_bytes};
