//! Blocks: some entries in key order, with what their keys have in common written once.
//!
//! Layout: `count, prefix length: u32; prefix; count times the entry's offset: u32; entries`, an entry being a
//! [change](crate::change) whose key lacks the prefix.

use crate::change;

/// Collects entries for a block.
#[derive(Default)]
pub(super) struct BlockBuilder {
    entries: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    size_bytes: usize,
}

impl BlockBuilder {
    pub(super) fn add(&mut self, key: &[u8], value: Option<&[u8]>) {
        self.size_bytes += key.len() + value.map_or(0, <[u8]>::len) + 8;
        self.entries.push((key.to_vec(), value.map(<[u8]>::to_vec)));
    }

    pub(super) fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The block's bytes without checksum; the builder is empty afterwards.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        let prefix = self.prefix_len();
        let mut out = Vec::with_capacity(self.size_bytes + 16);
        out.extend_from_slice(&(self.entries.len() as u32).to_le_bytes());
        out.extend_from_slice(&(prefix as u32).to_le_bytes());
        out.extend_from_slice(self.entries.first().map_or(&[], |(key, _)| &key[..prefix]));
        let mut body = Vec::with_capacity(self.size_bytes);
        for (key, value) in self.entries.drain(..) {
            out.extend_from_slice(&(body.len() as u32).to_le_bytes());
            change::write(&mut body, &key[prefix..], value.as_deref());
        }
        out.extend_from_slice(&body);
        self.size_bytes = 0;
        out
    }

    fn prefix_len(&self) -> usize {
        match (self.entries.first(), self.entries.last()) {
            // Keys are in order, so what the ends share, all share.
            (Some((first, _)), Some((last, _))) => common_prefix(first, last),
            _ => 0,
        }
    }
}

/// How many bytes two keys have in common at their start.
pub(super) fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// A key for people: printable characters as they are, others escaped.
pub(crate) fn describe(key: &[u8]) -> String {
    key.escape_ascii().to_string()
}

/// A block whose checksum was right.
pub(crate) struct Block {
    bytes: Vec<u8>,
    count: usize,
    prefix: usize,
}

/// `count` and `prefix length`.
const HEAD_BYTES: usize = 8;

impl Block {
    /// Takes a block apart, or `None` if it is none.
    pub(super) fn new(bytes: Vec<u8>) -> Option<Block> {
        let count = read_u32(&bytes, 0)?;
        let prefix = read_u32(&bytes, 4)?;
        let entries = HEAD_BYTES.checked_add(prefix)?.checked_add(count.checked_mul(4)?)?;
        (count > 0 && entries <= bytes.len()).then_some(Block { bytes, count, prefix })
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn size_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// What all keys start with.
    pub(super) fn prefix(&self) -> &[u8] {
        &self.bytes[HEAD_BYTES..HEAD_BYTES + self.prefix]
    }

    /// The rest of an entry's key, and its value.
    pub(super) fn entry(&self, n: usize) -> Option<(&[u8], Option<&[u8]>)> {
        let offsets = HEAD_BYTES + self.prefix;
        let offset = read_u32(&self.bytes, offsets + n * 4)?;
        let mut entry = self.bytes.get((offsets + self.count * 4).checked_add(offset)?..)?;
        change::read(&mut entry)
    }

    /// The place of the first entry whose key is not below this one; the number of entries if all are.
    pub(super) fn lower_bound(&self, key: &[u8]) -> Option<usize> {
        let prefix = self.prefix();
        let head = &key[..key.len().min(prefix.len())];
        match head.cmp(prefix) {
            std::cmp::Ordering::Less => return Some(0),
            std::cmp::Ordering::Greater => return Some(self.count),
            std::cmp::Ordering::Equal => {}
        }
        let rest = &key[prefix.len()..];
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.entry(middle)?.0 < rest { low = middle + 1 } else { high = middle }
        }
        Some(low)
    }

    /// Whether the entry has exactly this key.
    pub(super) fn is_at(&self, n: usize, key: &[u8]) -> Option<bool> {
        let (rest, _) = self.entry(n)?;
        Some(key.strip_prefix(self.prefix()) == Some(rest))
    }
}

fn read_u32(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*bytes) as usize)
}
