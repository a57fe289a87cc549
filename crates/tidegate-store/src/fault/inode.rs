//! A file's content: as the system shows it, and as the medium has it.

use super::Random;
use std::collections::BTreeMap;

/// What the system writes to the medium at a time.
const PAGE_BYTES: usize = 4096;

/// What a medium writes as a whole, even when the power goes.
const SECTOR_BYTES: usize = 512;

/// A part of a write that lies in one page: its place in the file, and its bytes.
type Piece = (usize, Vec<u8>);

#[derive(Debug, Clone, Default)]
pub(super) struct Inode {
    bytes: Vec<u8>,
    durable: Vec<u8>,
    /// What was written to each page since the last sync, in order.
    unsynced: BTreeMap<usize, Vec<Piece>>,
}

fn write(into: &mut Vec<u8>, bytes: &[u8], offset: usize) {
    if into.len() < offset + bytes.len() {
        into.resize(offset + bytes.len(), 0);
    }
    into[offset..offset + bytes.len()].copy_from_slice(bytes);
}

impl Inode {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn write(&mut self, bytes: &[u8], offset: usize) {
        write(&mut self.bytes, bytes, offset);
        let mut done = 0;
        while done < bytes.len() {
            let at = offset + done;
            let len = (PAGE_BYTES - at % PAGE_BYTES).min(bytes.len() - done);
            self.unsynced.entry(at / PAGE_BYTES).or_default().push((at, bytes[done..done + len].to_vec()));
            done += len;
        }
    }

    pub(super) fn sync(&mut self) {
        for (_, pieces) in std::mem::take(&mut self.unsynced) {
            pieces.iter().for_each(|(at, bytes)| write(&mut self.durable, bytes, *at));
        }
    }

    /// Each page either reaches the medium, or is forgotten by the system, which believes that it is there.
    pub(super) fn fail_sync(&mut self, random: &mut Random) {
        for (_, pieces) in std::mem::take(&mut self.unsynced) {
            if random.chance(2) {
                pieces.iter().for_each(|(at, bytes)| write(&mut self.durable, bytes, *at));
            }
        }
    }

    /// Of each page some of the writes survive, the last of them perhaps up to a sector's end.
    pub(super) fn lose_power(&mut self, random: &mut Random) {
        for (_, pieces) in std::mem::take(&mut self.unsynced) {
            let survive = random.below(pieces.len() as u64 + 1) as usize;
            for (n, (at, bytes)) in pieces[..survive].iter().enumerate() {
                let torn = n + 1 == survive && random.chance(3);
                let end = if torn { sector_end(*at, bytes.len(), random) } else { bytes.len() };
                write(&mut self.durable, &bytes[..end], *at);
            }
        }
        self.bytes = self.durable.clone();
    }

    pub(super) fn flip(&mut self, byte: usize, bit: u8) {
        self.bytes[byte] ^= 1 << (bit % 8);
        self.durable = self.bytes.clone();
        self.unsynced.clear();
    }
}

/// How much of a piece is written when it ends at some sector's border.
fn sector_end(at: usize, len: usize, random: &mut Random) -> usize {
    let sectors = (at % SECTOR_BYTES + len).div_ceil(SECTOR_BYTES) as u64;
    let border = (at / SECTOR_BYTES + random.below(sectors) as usize) * SECTOR_BYTES;
    border.saturating_sub(at).min(len)
}
