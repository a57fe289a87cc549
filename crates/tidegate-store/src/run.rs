//! Sorted runs: immutable files of entries in key order, with a checksum on everything.
//!
//! A run is a row of blocks, then an index of the blocks, a filter that tells which keys are surely not there, and a
//! footer. Each of them ends with a checksum that covers the run's number and the place, too, so that a block of
//! another run or from another place is not mistaken for the right one.

mod block;
mod cache;
mod cursor;
mod filter;
mod index;
#[cfg(any(test, feature = "fault"))]
pub(crate) mod made;
mod reader;
mod writer;

pub(crate) use cache::Cache;
pub(crate) use cursor::RunCursor;
pub(crate) use reader::Run;
pub(crate) use writer::RunWriter;

/// The directory of the runs.
pub(crate) const DIR: &str = "runs";

/// The name of a run's file, relative to the store's directory.
pub(crate) fn path(id: u64) -> String {
    format!("{DIR}/{id:012}.run")
}

/// Bytes of a checksum.
const SUM_BYTES: usize = 4;

/// The checksum of a part of a run.
fn sum(run: u64, offset: u64, bytes: &[u8]) -> [u8; SUM_BYTES] {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&run.to_le_bytes());
    sum.update(&offset.to_le_bytes());
    sum.update(bytes);
    sum.finalize().to_le_bytes()
}

/// The bytes in front of their checksum, or `None` if it does not fit.
fn checked(run: u64, offset: u64, bytes: &[u8]) -> Option<&[u8]> {
    let (body, stored) = bytes.split_last_chunk::<SUM_BYTES>()?;
    (sum(run, offset, body) == *stored).then_some(body)
}
