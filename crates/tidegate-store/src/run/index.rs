//! The index of a run: where each block lies, and a key that is above the block before and not above the block's first.

use crate::change;

/// One block's place.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// At most the block's first key, and above all keys of the block before.
    pub(crate) from: Box<[u8]>,
    pub(crate) offset: u64,
    /// With the checksum.
    pub(crate) len: u32,
}

/// The bytes of an index, without checksum.
pub(super) fn encode(places: &[Place]) -> Vec<u8> {
    let mut out = Vec::new();
    for place in places {
        let mut value = Vec::with_capacity(12);
        change::write_number(&mut value, place.offset);
        change::write_number(&mut value, u64::from(place.len));
        change::write(&mut out, &place.from, Some(&value));
    }
    out
}

/// The index, or `None` if the bytes are none.
pub(super) fn decode(mut input: &[u8]) -> Option<Vec<Place>> {
    let mut places = Vec::new();
    while !input.is_empty() {
        let (from, value) = change::read(&mut input)?;
        let mut value = value?;
        let offset = change::read_number(&mut value)?;
        let len = u32::try_from(change::read_number(&mut value)?).ok()?;
        places.push(Place { from: from.into(), offset, len });
    }
    Some(places)
}

/// The number of the block that a key belongs to.
pub(super) fn block_of(places: &[Place], key: &[u8]) -> usize {
    places.partition_point(|place| *place.from <= *key).saturating_sub(1)
}
