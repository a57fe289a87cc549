//! This crate's readers of files for those who throw bytes at them: each takes anything and must neither panic nor
//! hang. Checksums would keep most of it from the readers behind them, so here they are right whatever they cover.

use crate::{
    cursor::{Cursor, Span},
    fault::FaultDisk,
    log::{self, From, header, replay},
    manifest,
    run::{self, Cache, Run, RunCursor, made},
    storage::Storage,
};
use std::sync::Arc;

/// The bytes of a log record or, if `mark`, of what says that it is on disk.
pub fn log_record(mark: bool, sequence: u64, payload: &[u8]) -> Vec<u8> {
    let (payload_len, payload_sum) = (payload.len() as u32, crc32fast::hash(payload));
    let header = header::Header { mark, payload_len, segment: 1, sequence, payload_sum };
    let mut bytes = header.encode(0).to_vec();
    bytes.extend_from_slice(payload);
    bytes.resize(header::record_bytes(payload.len()), 0);
    bytes
}

/// Replays a log of one file; gives how many changes came out, `None` if the log is damaged.
pub fn log(bytes: &[u8]) -> Option<usize> {
    let disk = disk(&format!("{}/1", log::DIR), bytes);
    let mut changes = 0;
    let replayed = replay(&disk, From { salt: 0, segment: 1, sequence: 0 }, |_, _| changes += 1);
    replayed.ok().map(|_| changes)
}

/// Opens a run of these parts, checks it, looks a key up and walks over everything; gives how many entries it saw.
pub fn run(block: &[u8], index: &[u8], filter: &[u8], key: &[u8]) -> Option<usize> {
    let bytes = made::file(block, index, filter);
    let disk = disk(&run::path(1), &bytes);
    let run = Arc::new(Run::open(&disk, 1, bytes.len() as u64, Arc::new(Cache::new(0))).ok()?);
    let _ = (run.verify(), run.lookup(key, |value| value.is_some()));
    let mut entries = 0;
    for reverse in [false, true] {
        let span = Span { reverse, ..Span::everything() };
        let Ok(mut cursor) = RunCursor::new(&run, &span) else { continue };
        while cursor.current().is_some() && cursor.advance().is_ok() {
            entries += 1;
        }
    }
    Some(entries)
}

/// Reads a manifest; gives whether it is one.
pub fn manifest(json: &str) -> bool {
    let text = format!("{:08x}\n{json}\n", crc32fast::hash(json.as_bytes()));
    manifest::decode(text.as_bytes()).is_some()
}

fn disk(path: &str, bytes: &[u8]) -> FaultDisk {
    let disk = FaultDisk::new(0);
    let file = disk.create(path).expect("no fault was asked for");
    file.write_at(bytes, 0).expect("no fault was asked for");
    disk
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change;

    #[test]
    fn what_is_sound_is_read() {
        let mut payload = Vec::new();
        change::write(&mut payload, b"k", Some(b"v"));
        change::write(&mut payload, b"k", None);
        let bytes = [log_record(false, 1, &payload), log_record(true, 1, b"")].concat();
        assert_eq!(log(&bytes), Some(2));
        let later = log_record(false, 2, &payload);
        assert_eq!(log(&later), None, "the first record is missing");

        let (mut block, mut index) = ([1u32, 0, 0].map(u32::to_le_bytes).concat(), Vec::new());
        change::write(&mut block, b"k", Some(b"v"));
        change::write(&mut index, b"k", Some(&[0]));
        assert_eq!(run(&block, &index, &[0xff; 8], b"k"), Some(2), "once in each direction");
        assert!(manifest(r#"{"salt":1,"runs":[],"next_run":1,"log_sequence":0,"log_segment":1}"#));
    }
}
