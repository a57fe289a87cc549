//! A Bloom filter: ten bits for each key say "surely not here" for about 99 of 100 keys that are not.

const BITS_PER_KEY: usize = 10;
const PROBES: u64 = 6;

/// The hash that stands for a key in the filter. Part of the file format.
pub(super) fn hash(key: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for chunk in key.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash ^ u64::from_le_bytes(word) ^ (chunk.len() as u64) << 56).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash ^= hash >> 29;
    }
    hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}

/// The filter of these keys.
pub(super) fn build(hashes: &[u64]) -> Vec<u8> {
    let mut bits = vec![0; (hashes.len() * BITS_PER_KEY).div_ceil(8).max(8)];
    for hash in hashes {
        for place in places(*hash, bits.len()) {
            bits[place / 8] |= 1 << (place % 8);
        }
    }
    bits
}

/// Whether a key may be among those of the filter.
pub(super) fn may_have(bits: &[u8], hash: u64) -> bool {
    places(hash, bits.len()).all(|place| bits[place / 8] & (1 << (place % 8)) != 0)
}

fn places(hash: u64, len: usize) -> impl Iterator<Item = usize> {
    let (step, bits) = (hash.rotate_left(32) | 1, len as u64 * 8);
    (0..PROBES).map(move |n| (hash.wrapping_add(n.wrapping_mul(step)) % bits) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_keys_and_few_others() {
        let keys: Vec<u64> = (0..10_000u64).map(|n| hash(&n.to_be_bytes())).collect();
        let bits = build(&keys);
        assert!(keys.iter().all(|k| may_have(&bits, *k)));
        let wrong = (10_000..20_000u64).filter(|n| may_have(&bits, hash(&n.to_be_bytes()))).count();
        assert!(wrong < 200, "{wrong} of 10000 foreign keys pass");
    }
}
