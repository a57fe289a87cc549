//! Identifiers that nobody can guess, and repeatable ones for tests.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

/// A source of random bytes and of the id shapes that AWS uses.
pub trait Ids: Send + Sync {
    /// Fills the buffer with random bytes.
    fn fill(&self, buffer: &mut [u8]);

    /// A version 4 UUID, lower case (RFC 9562).
    fn uuid(&self) -> String {
        let mut b = [0u8; 16];
        self.fill(&mut b);
        b[6] = b[6] & 0x0f | 0x40;
        b[8] = b[8] & 0x3f | 0x80;
        let mut text = String::with_capacity(36);
        for (n, byte) in b.iter().enumerate() {
            if matches!(n, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            push_hex(&mut text, *byte);
        }
        text
    }

    /// This many random bytes as lower-case hex digits, two for each byte.
    fn hex(&self, bytes: usize) -> String {
        let mut b = vec![0u8; bytes];
        self.fill(&mut b);
        hex(&b)
    }

    /// This many characters out of an alphabet of at most 256 ASCII characters.
    fn draw(&self, alphabet: &[u8], length: usize) -> String {
        let mut b = vec![0u8; length];
        self.fill(&mut b);
        b.iter().map(|x| alphabet[*x as usize % alphabet.len()] as char).collect()
    }

    /// This many lower-case letters and digits, the shape of API ids.
    fn lower_alphanumeric(&self, length: usize) -> String {
        self.draw(b"abcdefghijklmnopqrstuvwxyz0123456789", length)
    }

    /// This many upper-case letters and digits, the shape of IAM ids behind their prefix.
    fn upper_alphanumeric(&self, length: usize) -> String {
        self.draw(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", length)
    }
}

/// Bytes as lower-case hex digits, two for each.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    bytes.iter().for_each(|byte| push_hex(&mut text, *byte));
    text
}

fn push_hex(text: &mut String, byte: u8) {
    hex_digits(byte).into_iter().for_each(|digit| text.push(digit as char));
}

/// A byte's two lower-case hex digits, in ASCII.
pub fn hex_digits(byte: u8) -> [u8; 2] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

/// Random bytes that a thread asks the kernel for at once: a request needs several ids.
const AHEAD_BYTES: usize = 512;

thread_local! {
    static AHEAD: RefCell<Ahead> = const { RefCell::new(Ahead { bytes: [0; AHEAD_BYTES], used: AHEAD_BYTES }) };
}

struct Ahead {
    bytes: [u8; AHEAD_BYTES],
    used: usize,
}

impl Ahead {
    /// Gives each byte away once.
    fn take(&mut self, into: &mut [u8]) {
        if AHEAD_BYTES - self.used < into.len() {
            random(&mut self.bytes);
            self.used = 0;
        }
        let taken = &mut self.bytes[self.used..][..into.len()];
        into.copy_from_slice(taken);
        taken.fill(0);
        self.used += into.len();
    }
}

fn random(into: &mut [u8]) {
    getrandom::fill(into).expect("the kernel's random source cannot fail once the system has booted");
}

impl Ids for RandomIds {
    fn fill(&self, buffer: &mut [u8]) {
        if buffer.len() > AHEAD_BYTES {
            return random(buffer);
        }
        AHEAD.with_borrow_mut(|ahead| ahead.take(buffer));
    }
}

/// The same ids in each run, from a seed; for tests.
#[derive(Debug, Default)]
pub struct SeededIds(AtomicU64);

impl SeededIds {
    /// Ids that follow from this seed.
    pub fn new(seed: u64) -> SeededIds {
        SeededIds(AtomicU64::new(seed))
    }
}

impl Ids for SeededIds {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            // SplitMix64: short, and each seed gives a full period.
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed).wrapping_add(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_have_version_and_variant() {
        let id = RandomIds.uuid();
        assert_eq!((id.len(), &id[14..15]), (36, "4"));
        assert!("89ab".contains(&id[19..20]), "{id}");
    }

    #[test]
    fn seeds_repeat() {
        assert_eq!(SeededIds::new(7).hex(12), SeededIds::new(7).hex(12));
        assert_ne!(SeededIds::new(7).hex(12), SeededIds::new(8).hex(12));
    }
}
