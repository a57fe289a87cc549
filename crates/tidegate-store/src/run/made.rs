//! Runs whose checksums are right whatever they hold, for [`crate::fuzz`].

use super::{sum, writer::MAGIC};

/// The bytes of run 1 with these parts; the footer counts one entry.
pub(crate) fn file(block: &[u8], index: &[u8], filter: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    add(&mut bytes, block);
    let [index, filter] = [index, filter].map(|part| add(&mut bytes, part));
    let footer = [MAGIC, index.0, index.1, filter.0, filter.1, 1].map(u64::to_le_bytes).concat();
    add(&mut bytes, &footer);
    bytes
}

/// Adds a part and its checksum; gives place and length.
fn add(bytes: &mut Vec<u8>, part: &[u8]) -> (u64, u64) {
    let offset = bytes.len() as u64;
    bytes.extend_from_slice(part);
    bytes.extend_from_slice(&sum(1, offset, part));
    (offset, bytes.len() as u64 - offset)
}
