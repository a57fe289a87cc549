//! What a log of our own would give: one write and one `fdatasync` for each group, into room that was filled beforehand
//! so that no metadata changes, and a map in memory in front of whatever lies below.

use super::{Engine, Pair};
use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::Read,
    os::unix::fs::FileExt,
    path::Path,
    sync::{Mutex, PoisonError, RwLock},
};

const ROOM_BYTES: usize = 8 << 20;

struct Own {
    log: Mutex<(File, u64)>,
    map: RwLock<BTreeMap<Vec<u8>, Vec<u8>>>,
}

/// Opens the log, and replays it if there is one.
pub fn open_own(dir: &Path) -> Box<dyn Engine> {
    let path = dir.join("log");
    let mut map = BTreeMap::new();
    let mut bytes = Vec::new();
    if let Ok(mut file) = File::open(&path) {
        file.read_to_end(&mut bytes).expect("the log can be read");
    } else {
        std::fs::write(&path, vec![0; ROOM_BYTES]).expect("there is room");
    }
    let mut rest = bytes.as_slice();
    while let Some((key, value, behind)) = record(rest) {
        map.insert(key, value);
        rest = behind;
    }
    let at = (bytes.len() - rest.len()) as u64;
    let file = OpenOptions::new().read(true).write(true).open(&path).expect("the log is there");
    file.sync_all().expect("the disk works");
    Box::new(Own { log: Mutex::new((file, at)), map: RwLock::new(map) })
}

fn record(input: &[u8]) -> Option<(Vec<u8>, Vec<u8>, &[u8])> {
    let (sum, input) = input.split_first_chunk::<4>()?;
    let (lens, input) = input.split_first_chunk::<8>()?;
    let key_len = u32::from_le_bytes(*lens.first_chunk()?) as usize;
    let value_len = u32::from_le_bytes(*lens.last_chunk()?) as usize;
    let (body, behind) = input.split_at_checked(key_len + value_len)?;
    let valid = key_len > 0 && crc32fast::hash(body) == u32::from_le_bytes(*sum);
    valid.then(|| (body[..key_len].to_vec(), body[key_len..].to_vec(), behind))
}

impl Engine for Own {
    fn commit(&self, pairs: &[Pair]) {
        let mut out = Vec::new();
        for (key, value) in pairs {
            let body = [key.as_slice(), value.as_slice()].concat();
            out.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
            out.extend_from_slice(&(key.len() as u32).to_le_bytes());
            out.extend_from_slice(&(value.len() as u32).to_le_bytes());
            out.extend_from_slice(&body);
        }
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.0.write_all_at(&out, log.1).expect("there is room");
        log.0.sync_data().expect("the disk works");
        log.1 += out.len() as u64;
        let mut map = self.map.write().unwrap_or_else(PoisonError::into_inner);
        map.extend(pairs.iter().cloned());
    }

    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.map.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }
}
