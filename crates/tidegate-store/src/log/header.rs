//! The header of a record.

/// Bytes of a header.
pub(crate) const HEADER_BYTES: usize = 32;

/// Records start at multiples of this.
pub(crate) const ALIGNMENT: usize = 8;

const RECORD: u32 = 0x7467_6c72;
const MARK: u32 = 0x7467_6c6d;

/// `kind, payload length: u32; segment, sequence: u64; payload checksum, header checksum: u32`, all little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// A mark says that the record of its sequence number is on disk; it has no payload.
    pub(crate) mark: bool,
    pub(crate) payload_len: u32,
    pub(crate) segment: u64,
    pub(crate) sequence: u64,
    pub(crate) payload_sum: u32,
}

impl Header {
    /// The header's bytes. The salt is the store's own secret: without it nobody can store values that look like
    /// records.
    pub(crate) fn encode(&self, salt: u64) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[..4].copy_from_slice(&(if self.mark { MARK } else { RECORD }).to_le_bytes());
        bytes[4..8].copy_from_slice(&self.payload_len.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.segment.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.sequence.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.payload_sum.to_le_bytes());
        let sum = header_sum(&bytes, salt);
        bytes[28..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// The header at the start of the input, if there is a valid one.
    pub(crate) fn decode(input: &[u8], salt: u64) -> Option<Header> {
        let bytes: &[u8; HEADER_BYTES] = input.first_chunk()?;
        let kind = word(bytes, 0);
        if (kind != RECORD && kind != MARK) || word(bytes, 28) != header_sum(bytes, salt) {
            return None;
        }
        Some(Header {
            mark: kind == MARK,
            payload_len: word(bytes, 4),
            segment: long(bytes, 8),
            sequence: long(bytes, 16),
            payload_sum: word(bytes, 24),
        })
    }
}

fn word(bytes: &[u8; HEADER_BYTES], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn long(bytes: &[u8; HEADER_BYTES], at: usize) -> u64 {
    u64::from(word(bytes, at)) | u64::from(word(bytes, at + 4)) << 32
}

fn header_sum(bytes: &[u8; HEADER_BYTES], salt: u64) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&salt.to_le_bytes());
    sum.update(&bytes[..28]);
    sum.finalize()
}

/// Bytes that a record with this payload takes.
pub(crate) fn record_bytes(payload_len: usize) -> usize {
    (HEADER_BYTES + payload_len).next_multiple_of(ALIGNMENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_back_only_as_it_was_written() {
        let header = Header { mark: false, payload_len: 7, segment: 1 << 40, sequence: u64::MAX, payload_sum: 9 };
        let bytes = header.encode(42);
        assert_eq!(Header::decode(&bytes, 42), Some(header));
        assert_eq!(Header::decode(&bytes, 43), None, "another store's salt");
        assert_eq!(Header::decode(&bytes[..31], 42), None, "cut short");
        for bit in 0..HEADER_BYTES * 8 {
            let mut flipped = bytes;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Header::decode(&flipped, 42), None, "bit {bit}");
        }
    }
}
