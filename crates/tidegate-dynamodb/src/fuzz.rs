//! This crate's parsers for those who throw bytes at them: each takes anything and must neither panic nor hang.

use crate::json::{Reader, Writer};
use crate::model::{Attributes, Faults, read_attributes, stored, write_attributes};

/// Reads an item as requests have it; `None` for what a request would be refused for.
pub fn item(json: &[u8]) -> Option<Attributes> {
    let (mut reader, mut faults) = (Reader::new(json).ok()?, Faults::default());
    let item = read_attributes(&mut reader, &mut faults).ok()?;
    faults.check().ok().map(|()| item)
}

/// Writes an item as answers have it.
pub fn json(item: &Attributes) -> Vec<u8> {
    let mut writer = Writer::default();
    write_attributes(&mut writer, item);
    writer.into_bytes()
}

/// The same straight out of the stored form; `None` if that is damaged.
pub fn stored_json(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut writer = Writer::default();
    stored::write_json(&mut writer, bytes).ok()?;
    Some(writer.into_bytes())
}
