//! Files of the store.

use tidegate_store::fuzz;

/// Records behind one another: a byte of flags, one that counts the payload's bytes, the payload.
pub fn log(mut input: &[u8]) {
    let (mut bytes, mut sequence) = (Vec::new(), 0);
    while let [flags, size, rest @ ..] = input {
        let (payload, rest) = rest.split_at(usize::from(*size).min(rest.len()));
        input = rest;
        let mark = flags & 1 == 1;
        // A mark is for the record before it; the last bits skip some, repeat one, or damage it.
        sequence += u64::from(!mark) * u64::from(flags >> 1 & 3 != 3) + u64::from(flags >> 3 & 7 == 7);
        let mut record = fuzz::log_record(mark, sequence, if mark { &[] } else { payload });
        if flags >> 6 == 3 {
            let at = usize::from(*size) % record.len();
            record[at] ^= 1 << (size & 7);
        }
        bytes.extend_from_slice(&record);
    }
    let _ = fuzz::log(&bytes);
}

/// Two bytes that count those of block and index; block, index, filter, and in the end a key of four bytes.
pub fn run(input: &[u8]) {
    let [block, index, rest @ ..] = input else { return };
    let (block, rest) = rest.split_at(usize::from(*block).min(rest.len()));
    let (index, rest) = rest.split_at(usize::from(*index).min(rest.len()));
    let (filter, key) = rest.split_at(rest.len().saturating_sub(4));
    let _ = fuzz::run(block, index, filter, key);
}

/// A manifest's JSON.
pub fn manifest(json: &str) {
    let _ = fuzz::manifest(json);
}
