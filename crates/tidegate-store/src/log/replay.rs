//! Reading the log after a start.

use super::{
    DIR, Header, Retired,
    header::{ALIGNMENT, HEADER_BYTES, record_bytes},
};
use crate::{
    Error, change,
    storage::{File, Storage, read_all},
};
use std::sync::Arc;

/// What the log held.
#[derive(Debug, Default)]
pub(crate) struct Replayed {
    /// The sequence number of the last record.
    pub(crate) sequence: u64,
    /// The number for the next segment.
    pub(crate) next_segment: u64,
    /// How many records were applied.
    pub(crate) records: u64,
    /// Files that hold nothing of use.
    pub(crate) free: Vec<Retired>,
    /// Files whose records were applied.
    pub(crate) used: Vec<Retired>,
}

/// Where the log continues after what is in the runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct From {
    pub(crate) salt: u64,
    pub(crate) segment: u64,
    pub(crate) sequence: u64,
}

struct Live {
    file: Retired,
    number: u64,
    bytes: Vec<u8>,
}

/// Shows each change of the log behind the given place, in order.
///
/// # Errors
/// `Corrupt` if an acknowledged record cannot be read, `Io`.
pub(crate) fn replay(
    storage: &dyn Storage,
    from: From,
    mut apply: impl FnMut(&[u8], Option<&[u8]>),
) -> Result<Replayed, Error> {
    let mut replayed = Replayed {
        sequence: from.sequence,
        next_segment: from.segment,
        records: 0,
        free: Vec::new(),
        used: Vec::new(),
    };
    let mut live = Vec::new();
    for name in storage.list(DIR).map_err(|e| Error::io(DIR, e))? {
        let path = format!("{DIR}/{name}");
        let file = storage.open(&path).map_err(|e| Error::io(&path, e))?;
        match classify(file, name, from).map_err(|e| Error::io(path, e))? {
            Ok(segment) => live.push(segment),
            Err(free) => replayed.free.push(free),
        }
    }
    live.sort_by_key(|segment| segment.number);
    for segment in live {
        if segment.number != replayed.next_segment {
            return Err(damage(&segment, 0, &format!("segment {} is missing", replayed.next_segment)));
        }
        read_segment(&segment, from.salt, &mut replayed, &mut apply)?;
        replayed.next_segment += 1;
        replayed.used.push(segment.file);
    }
    Ok(replayed)
}

/// A file of the log holds a live segment, or nothing of use.
fn classify(file: Arc<dyn File>, name: String, from: From) -> std::io::Result<Result<Live, Retired>> {
    let retired = Retired { name, size_bytes: file.len()? };
    let mut first = [0; HEADER_BYTES];
    if retired.size_bytes < HEADER_BYTES as u64 {
        return Ok(Err(retired));
    }
    file.read_at(&mut first, 0)?;
    let first = Header::decode(&first, from.salt);
    if first.is_some_and(|h| h.segment < from.segment) {
        return Ok(Err(retired));
    }
    let bytes = read_all(&*file)?;
    let number = match first {
        Some(header) => Some(header.segment),
        // Torn before anything was acknowledged, or damaged: what follows tells.
        None => headers(&bytes, 0, from.salt).map(|(_, h)| h.segment).filter(|s| *s >= from.segment).max(),
    };
    Ok(number.map(|number| Live { file: retired.clone(), number, bytes }).ok_or(retired))
}

/// All valid headers from a place on, whatever they belong to.
fn headers(bytes: &[u8], from: usize, salt: u64) -> impl Iterator<Item = (usize, Header)> {
    (from..bytes.len()).step_by(ALIGNMENT).filter_map(move |at| Some((at, Header::decode(&bytes[at..], salt)?)))
}

fn read_segment(
    segment: &Live,
    salt: u64,
    replayed: &mut Replayed,
    apply: &mut impl FnMut(&[u8], Option<&[u8]>),
) -> Result<(), Error> {
    let mut at = 0;
    while let Some(payload) = record(segment, at, salt, replayed.sequence + 1)? {
        let mut rest = payload;
        while !rest.is_empty() {
            let Some((key, value)) = change::read(&mut rest) else {
                return Err(damage(segment, at, "a record with a valid checksum cannot be read"));
            };
            apply(key, value);
        }
        replayed.sequence += 1;
        replayed.records += 1;
        at += record_bytes(payload.len());
    }
    Ok(())
}

/// The payload of the record at this place, or `None` at the end of the log.
fn record(segment: &Live, at: usize, salt: u64, sequence: u64) -> Result<Option<&[u8]>, Error> {
    let bytes = segment.bytes.get(at..).unwrap_or_default();
    if let Some(header) = Header::decode(bytes, salt) {
        let expected = !header.mark && header.segment == segment.number && header.sequence == sequence;
        let payload = bytes[HEADER_BYTES..].get(..header.payload_len as usize);
        if let Some(payload) = payload.filter(|p| expected && crc32fast::hash(p) == header.payload_sum) {
            return Ok(Some(payload));
        }
    }
    let proof = headers(&segment.bytes, at.min(segment.bytes.len()), salt)
        .find(|(_, h)| h.segment == segment.number && (h.sequence > sequence || (h.mark && h.sequence == sequence)));
    match proof {
        Some(_) => Err(damage(segment, at, &format!("record {sequence} was acknowledged and cannot be read"))),
        None => Ok(None),
    }
}

fn damage(segment: &Live, at: usize, detail: &str) -> Error {
    Error::corrupt(format!("{DIR}/{}", segment.file.name), format!("bytes from {at} on, any key"), detail)
}
