//! CBOR (RFC 8949) as Smithy's RPC v2 uses it: definite and indefinite lengths in, definite lengths out; tag 1 for
//! points in time.

use crate::limits;

/// A data item.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    Integer(i128),
    Bytes(Vec<u8>),
    Text(String),
    Array(Vec<Item>),
    /// Keys are text; RPC v2 has no others.
    Map(Vec<(String, Item)>),
    Tagged(u64, Box<Item>),
    Bool(bool),
    /// Null and undefined.
    Null,
    Float(f64),
}

/// Reads one item that is the whole input; `None` for everything else.
pub(crate) fn read(bytes: &[u8]) -> Option<Item> {
    let mut reader = Reader { rest: bytes };
    let item = reader.item(0)?;
    reader.rest.is_empty().then_some(item)
}

struct Reader<'b> {
    rest: &'b [u8],
}

/// The length of a text, array or map.
enum Length {
    Known(u64),
    UntilBreak,
}

const BREAK: u8 = 0xff;

impl<'b> Reader<'b> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn take(&mut self, count: u64) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(count).ok()?)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self, bytes: u64) -> Option<u64> {
        self.take(bytes).map(|b| b.iter().fold(0, |n, b| n << 8 | u64::from(*b)))
    }

    /// The argument that follows an initial byte (RFC 8949 §3).
    fn argument(&mut self, info: u8) -> Option<u64> {
        match info {
            0..=23 => Some(info.into()),
            24..=27 => self.number(1 << (info - 24)),
            _ => None,
        }
    }

    fn length(&mut self, info: u8) -> Option<Length> {
        if info == 31 { Some(Length::UntilBreak) } else { self.argument(info).map(Length::Known) }
    }

    fn item(&mut self, depth: usize) -> Option<Item> {
        if depth > limits::DEPTH_MAX {
            return None;
        }
        let initial = self.byte()?;
        let (major, info) = (initial >> 5, initial & 0x1f);
        match major {
            0 => self.argument(info).map(|n| Item::Integer(n.into())),
            1 => self.argument(info).map(|n| Item::Integer(-1 - i128::from(n))),
            2 => self.chunks(major, info).map(Item::Bytes),
            3 => self.chunks(major, info).and_then(|b| String::from_utf8(b).ok()).map(Item::Text),
            4 => self.array(info, depth).map(Item::Array),
            5 => self.map(info, depth).map(Item::Map),
            6 => {
                let tag = self.argument(info)?;
                Some(Item::Tagged(tag, Box::new(self.item(depth + 1)?)))
            }
            _ => self.simple(info),
        }
    }

    fn simple(&mut self, info: u8) -> Option<Item> {
        Some(match info {
            20 => Item::Bool(false),
            21 => Item::Bool(true),
            22 | 23 => Item::Null,
            25 => Item::Float(half(self.number(2)? as u16)),
            26 => Item::Float(f32::from_bits(self.number(4)? as u32).into()),
            27 => Item::Float(f64::from_bits(self.number(8)?)),
            _ => return None,
        })
    }

    /// Bytes or text, in one piece or in chunks.
    fn chunks(&mut self, major: u8, info: u8) -> Option<Vec<u8>> {
        match self.length(info)? {
            Length::Known(count) => self.take(count).map(<[u8]>::to_vec),
            Length::UntilBreak => {
                let mut all = Vec::new();
                loop {
                    match self.byte()? {
                        BREAK => return Some(all),
                        initial if initial >> 5 == major => {
                            let count = self.argument(initial & 0x1f)?;
                            all.extend_from_slice(self.take(count)?);
                        }
                        _ => return None,
                    }
                }
            }
        }
    }

    /// Whether another entry follows; counts known lengths down.
    fn more(&mut self, left: &mut Length) -> Option<bool> {
        match left {
            Length::Known(0) => Some(false),
            Length::Known(count) => {
                *count -= 1;
                Some(true)
            }
            Length::UntilBreak => {
                let ends = *self.rest.first()? == BREAK;
                if ends {
                    self.byte();
                }
                Some(!ends)
            }
        }
    }

    // Nothing is allocated for a promised length: each entry takes at least one byte of input.
    fn array(&mut self, info: u8, depth: usize) -> Option<Vec<Item>> {
        let mut left = self.length(info)?;
        let mut entries = Vec::new();
        while self.more(&mut left)? {
            entries.push(self.item(depth + 1)?);
        }
        Some(entries)
    }

    fn map(&mut self, info: u8, depth: usize) -> Option<Vec<(String, Item)>> {
        let mut left = self.length(info)?;
        let mut entries = Vec::new();
        while self.more(&mut left)? {
            let Item::Text(key) = self.item(depth + 1)? else { return None };
            entries.push((key, self.item(depth + 1)?));
        }
        Some(entries)
    }
}

/// A 16-bit float (RFC 8949, appendix D).
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let magnitude = match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
}

/// Writes one item.
pub(crate) fn write(item: &Item) -> Vec<u8> {
    let mut out = Vec::new();
    put(&mut out, item);
    out
}

fn put(out: &mut Vec<u8>, item: &Item) {
    match item {
        Item::Integer(n) if *n >= 0 => head(out, 0, *n as u64),
        Item::Integer(n) => head(out, 1, (-1 - n) as u64),
        Item::Bytes(bytes) => {
            head(out, 2, bytes.len() as u64);
            out.extend_from_slice(bytes);
        }
        Item::Text(text) => put_text(out, text),
        Item::Array(entries) => {
            head(out, 4, entries.len() as u64);
            entries.iter().for_each(|entry| put(out, entry));
        }
        Item::Map(entries) => {
            head(out, 5, entries.len() as u64);
            entries.iter().for_each(|(key, value)| {
                put_text(out, key);
                put(out, value);
            });
        }
        Item::Tagged(tag, item) => {
            head(out, 6, *tag);
            put(out, item);
        }
        Item::Bool(value) => out.push(if *value { 0xf5 } else { 0xf4 }),
        Item::Null => out.push(0xf6),
        Item::Float(value) => {
            out.push(0xfb);
            out.extend_from_slice(&value.to_bits().to_be_bytes());
        }
    }
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    head(out, 3, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// The initial byte and the shortest argument.
fn head(out: &mut Vec<u8>, major: u8, argument: u64) {
    let major = major << 5;
    match argument {
        0..=23 => out.push(major | argument as u8),
        24..=0xff => out.extend_from_slice(&[major | 24, argument as u8]),
        0x100..=0xffff => {
            out.push(major | 25);
            out.extend_from_slice(&(argument as u16).to_be_bytes());
        }
        0x1_0000..=0xffff_ffff => {
            out.push(major | 26);
            out.extend_from_slice(&(argument as u32).to_be_bytes());
        }
        _ => {
            out.push(major | 27);
            out.extend_from_slice(&argument.to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let digit = |b: u8| (b as char).to_digit(16).expect("a digit") as u8;
        hex.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
    }

    /// Examples of RFC 8949, appendix A.
    #[test]
    fn reads_the_rfcs_examples() {
        let cases = [
            ("17", Item::Integer(23)),
            ("1818", Item::Integer(24)),
            ("1903e8", Item::Integer(1000)),
            ("1bffffffffffffffff", Item::Integer(u64::MAX.into())),
            ("3bffffffffffffffff", Item::Integer(-1 - i128::from(u64::MAX))),
            ("f93c00", Item::Float(1.0)),
            ("f97bff", Item::Float(65504.0)),
            ("f90001", Item::Float(5.960464477539063e-8)),
            ("fa47c35000", Item::Float(100000.0)),
            ("fbc010666666666666", Item::Float(-4.1)),
            ("f4", Item::Bool(false)),
            ("f6", Item::Null),
            ("f7", Item::Null),
            ("c11a514b67b0", Item::Tagged(1, Box::new(Item::Integer(1363896240)))),
            ("4401020304", Item::Bytes(vec![1, 2, 3, 4])),
            ("62c3bc", Item::Text("ü".into())),
            ("5f42010243030405ff", Item::Bytes(vec![1, 2, 3, 4, 5])),
            ("7f657374726561646d696e67ff", Item::Text("streaming".into())),
            ("9f0102ff", Item::Array(vec![Item::Integer(1), Item::Integer(2)])),
            ("bf6161f5ff", Item::Map(vec![("a".into(), Item::Bool(true))])),
            ("a26161016162820203", map_example()),
        ];
        for (hex, item) in cases {
            assert_eq!(read(&bytes(hex)), Some(item), "{hex}");
        }
    }

    fn map_example() -> Item {
        let list = Item::Array(vec![Item::Integer(2), Item::Integer(3)]);
        Item::Map(vec![("a".into(), Item::Integer(1)), ("b".into(), list)])
    }

    #[test]
    fn refuses_what_is_broken() {
        for hex in ["", "18", "1c", "62c3", "62ffff", "9f01", "ff", "5f6161ff", "0000", "a10102", "9bffffffffffffffff"]
        {
            assert_eq!(read(&bytes(hex)), None, "{hex}");
        }
        assert_eq!(read(&[0x81; 100_000]), None);
    }

    #[test]
    fn writes_what_it_can_read() {
        for n in [0, 23, 24, 255, 256, 65_535, 65_536, 1 << 32, -1, -25, i128::from(i64::MIN)] {
            assert_eq!(read(&write(&Item::Integer(n))), Some(Item::Integer(n)));
        }
        let item = Item::Array(vec![map_example(), Item::Float(-0.5), Item::Null, Item::Bytes(vec![0; 300])]);
        assert_eq!(read(&write(&item)), Some(item));
    }
}
