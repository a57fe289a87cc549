//! The index of a run: where each block lies, and a key that is above the block before and not above the block's first.
//! It stays in memory while the run is open, so it is kept in few pieces.

use crate::change;

/// The places of a run's blocks, which follow one another without gaps.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// All keys in a row.
    keys: Vec<u8>,
    /// Where each block's key ends, and its first byte in the file.
    places: Vec<(u32, u64)>,
    /// The end of the last block.
    end: u64,
}

impl Index {
    /// Adds a block that begins here, behind all others.
    pub(super) fn add(&mut self, from: &[u8], offset: u64) {
        self.keys.extend_from_slice(from);
        self.places.push((self.keys.len() as u32, offset));
    }

    /// How many blocks there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// A key that is at most the block's first key, and above all keys of the block before.
    pub(super) fn from(&self, n: usize) -> &[u8] {
        let start = n.checked_sub(1).map_or(0, |before| self.places[before].0 as usize);
        &self.keys[start..self.places[n].0 as usize]
    }

    /// A block's first byte, and its length with the checksum.
    pub(super) fn place(&self, n: usize) -> (u64, u64) {
        let offset = self.places[n].1;
        let end = self.places.get(n + 1).map_or(self.end, |next| next.1);
        (offset, end.saturating_sub(offset))
    }

    /// The number of the block that a key belongs to.
    pub(super) fn block_of(&self, key: &[u8]) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.from(middle) <= key { low = middle + 1 } else { high = middle }
        }
        low.saturating_sub(1)
    }

    /// The bytes in the file, without checksum. The end of the last block is where they lie.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.keys.len() + self.places.len() * 8);
        for n in 0..self.len() {
            let mut offset = Vec::with_capacity(10);
            change::write_number(&mut offset, self.place(n).0);
            change::write(&mut out, self.from(n), Some(&offset));
        }
        out
    }

    /// The index, or `None` if the bytes are none.
    pub(super) fn decode(mut input: &[u8], end: u64) -> Option<Index> {
        let mut index = Index { end, ..Index::default() };
        while !input.is_empty() {
            let (from, offset) = change::read(&mut input)?;
            let offset = change::read_number(&mut offset?)?;
            u32::try_from(index.keys.len() + from.len()).ok()?;
            index.add(from, offset);
        }
        index.keys.shrink_to_fit();
        index.places.shrink_to_fit();
        Some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_block_of_a_key() {
        let mut index = Index::default();
        for (from, offset) in [(b"b".as_slice(), 0), (b"d", 100), (b"dd", 250)] {
            index.add(from, offset);
        }
        let index = Index::decode(&index.encode(), 300).expect("it was just encoded");
        let cases = [("a", 0), ("b", 0), ("c", 0), ("d", 1), ("da", 1), ("dd", 2), ("z", 2)];
        for (key, block) in cases {
            assert_eq!(index.block_of(key.as_bytes()), block, "{key}");
        }
        assert_eq!([index.place(0), index.place(1), index.place(2)], [(0, 100), (100, 150), (250, 50)]);
    }
}
