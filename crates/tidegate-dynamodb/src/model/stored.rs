//! The compact form in which items lie in the store, and JSON straight out of it: a read without expressions never
//! builds the item.
//!
//! Layout: format byte, item size, attributes. An attribute is its name's length and bytes, a type byte, the value.
//! Lengths are LEB128. Attributes are in name order and sets are sorted, so equal items have equal bytes.

use super::{AttributeValue, Attributes, Number};
use crate::json::Writer;

/// The form described above; a later form gets the next number.
const FORMAT: u8 = 1;

const S: u8 = 1;
const N_POSITIVE: u8 = 2;
const N_NEGATIVE: u8 = 3;
const B: u8 = 4;
const FALSE: u8 = 5;
const TRUE: u8 = 6;
const NULL: u8 = 7;
const L: u8 = 8;
const M: u8 = 9;
const SS: u8 = 10;
const NS: u8 = 11;
const BS: u8 = 12;

/// Bytes in the store that are no item: the disk or a format of a later version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damaged;

/// The stored form of an item; `size` is what DynamoDB counts for it.
pub fn encode(item: &Attributes, size: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(size + 16);
    out.push(FORMAT);
    varint(&mut out, size as u128);
    encode_map(&mut out, item);
    out
}

fn varint(out: &mut Vec<u8>, mut value: u128) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn encode_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    varint(out, bytes.len() as u128);
    out.extend_from_slice(bytes);
}

fn encode_map(out: &mut Vec<u8>, map: &Attributes) {
    varint(out, map.len() as u128);
    for (name, value) in map.iter() {
        encode_bytes(out, name.as_bytes());
        encode_value(out, value);
    }
}

fn encode_number(out: &mut Vec<u8>, number: &Number) {
    let (negative, mantissa, exponent) = number.parts();
    out.push(if negative { N_NEGATIVE } else { N_POSITIVE });
    out.extend_from_slice(&exponent.to_le_bytes());
    varint(out, mantissa);
}

fn encode_value(out: &mut Vec<u8>, value: &AttributeValue) {
    match value {
        AttributeValue::S(text) => {
            out.push(S);
            encode_bytes(out, text.as_bytes());
        }
        AttributeValue::N(number) => encode_number(out, number),
        AttributeValue::B(bytes) => {
            out.push(B);
            encode_bytes(out, bytes);
        }
        AttributeValue::Bool(value) => out.push(if *value { TRUE } else { FALSE }),
        AttributeValue::Null => out.push(NULL),
        AttributeValue::L(list) => encode_list(out, L, list, encode_value),
        AttributeValue::M(map) => {
            out.push(M);
            encode_map(out, map);
        }
        AttributeValue::SS(set) => encode_list(out, SS, set, |out, s| encode_bytes(out, s.as_bytes())),
        AttributeValue::NS(set) => encode_list(out, NS, set, encode_number),
        AttributeValue::BS(set) => encode_list(out, BS, set, |out, b| encode_bytes(out, b)),
    }
}

fn encode_list<T>(out: &mut Vec<u8>, tag: u8, list: &[T], element: impl Fn(&mut Vec<u8>, &T)) {
    out.push(tag);
    varint(out, list.len() as u128);
    list.iter().for_each(|e| element(out, e));
}

/// What DynamoDB counts for a stored item, without reading further.
pub fn size(stored: &[u8]) -> Result<usize, Damaged> {
    Cursor::item(stored).map(|(_, size)| size)
}

/// The item.
pub fn decode(stored: &[u8]) -> Result<Attributes, Damaged> {
    Cursor::item(stored)?.0.map()
}

/// One attribute of the item; the others are stepped over.
pub fn attribute(stored: &[u8], name: &str) -> Result<Option<AttributeValue>, Damaged> {
    let (mut cursor, _) = Cursor::item(stored)?;
    for _ in 0..cursor.length()? {
        if cursor.bytes()? == name.as_bytes() {
            return cursor.value().map(Some);
        }
        cursor.skip()?;
    }
    Ok(None)
}

/// The item as JSON.
pub fn write_json(writer: &mut Writer, stored: &[u8]) -> Result<(), Damaged> {
    Cursor::item(stored)?.0.write_map(writer)
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn item(stored: &'a [u8]) -> Result<(Cursor<'a>, usize), Damaged> {
        let mut cursor = Cursor(stored);
        if cursor.byte()? != FORMAT {
            return Err(Damaged);
        }
        let size = cursor.length()?;
        Ok((cursor, size))
    }

    fn byte(&mut self) -> Result<u8, Damaged> {
        let (first, rest) = self.0.split_first().ok_or(Damaged)?;
        self.0 = rest;
        Ok(*first)
    }

    fn varint(&mut self) -> Result<u128, Damaged> {
        let mut value = 0u128;
        for shift in (0..128).step_by(7) {
            let byte = self.byte()?;
            value |= u128::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Damaged)
    }

    fn length(&mut self) -> Result<usize, Damaged> {
        usize::try_from(self.varint()?).map_err(|_| Damaged)
    }

    fn bytes(&mut self) -> Result<&'a [u8], Damaged> {
        let length = self.length()?;
        let (bytes, rest) = self.0.split_at_checked(length).ok_or(Damaged)?;
        self.0 = rest;
        Ok(bytes)
    }

    fn text(&mut self) -> Result<&'a str, Damaged> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Damaged)
    }

    fn number(&mut self, tag: u8) -> Result<Number, Damaged> {
        let exponent = i16::from_le_bytes([self.byte()?, self.byte()?]);
        let mantissa = self.varint()?;
        Number::from_parts(tag == N_NEGATIVE, mantissa, exponent.into()).map_err(|_| Damaged)
    }

    fn tagged_number(&mut self) -> Result<Number, Damaged> {
        let tag = self.byte()?;
        self.number(tag)
    }

    fn list<T>(&mut self, element: impl Fn(&mut Self) -> Result<T, Damaged>) -> Result<Vec<T>, Damaged> {
        let count = self.length()?;
        (0..count).map(|_| element(self)).collect()
    }

    fn map(&mut self) -> Result<Attributes, Damaged> {
        let pairs = self.list(|c| Ok((c.text()?.to_owned(), c.value()?)))?;
        Ok(pairs.into_iter().collect())
    }

    fn value(&mut self) -> Result<AttributeValue, Damaged> {
        Ok(match self.byte()? {
            S => AttributeValue::S(self.text()?.to_owned()),
            tag @ (N_POSITIVE | N_NEGATIVE) => AttributeValue::N(self.number(tag)?),
            B => AttributeValue::B(self.bytes()?.to_owned()),
            FALSE => AttributeValue::Bool(false),
            TRUE => AttributeValue::Bool(true),
            NULL => AttributeValue::Null,
            L => AttributeValue::L(self.list(Self::value)?),
            M => AttributeValue::M(self.map()?),
            SS => AttributeValue::SS(self.list(|c| Ok(c.text()?.to_owned()))?),
            NS => AttributeValue::NS(self.list(Self::tagged_number)?),
            BS => AttributeValue::BS(self.list(|c| Ok(c.bytes()?.to_owned()))?),
            _ => return Err(Damaged),
        })
    }

    fn skip(&mut self) -> Result<(), Damaged> {
        let tag = self.byte()?;
        match tag {
            S | B => drop(self.bytes()?),
            N_POSITIVE | N_NEGATIVE => drop(self.number(tag)?),
            FALSE | TRUE | NULL => {}
            L => self.skip_each(Self::skip)?,
            M => self.skip_each(|c| c.bytes().and_then(|_| c.skip()))?,
            SS | BS => self.skip_each(|c| c.bytes().map(drop))?,
            NS => self.skip_each(|c| c.tagged_number().map(drop))?,
            _ => return Err(Damaged),
        }
        Ok(())
    }

    fn skip_each(&mut self, skip: impl Fn(&mut Self) -> Result<(), Damaged>) -> Result<(), Damaged> {
        let count = self.length()?;
        (0..count).try_for_each(|_| skip(self))
    }

    fn write_map(&mut self, w: &mut Writer) -> Result<(), Damaged> {
        let count = self.length()?;
        w.open_object();
        for _ in 0..count {
            w.key(self.text()?);
            self.write_value(w)?;
        }
        w.close_object();
        Ok(())
    }

    fn write_list(
        &mut self,
        w: &mut Writer,
        element: impl Fn(&mut Self, &mut Writer) -> Result<(), Damaged>,
    ) -> Result<(), Damaged> {
        let count = self.length()?;
        w.open_array();
        for _ in 0..count {
            element(self, w)?;
        }
        w.close_array();
        Ok(())
    }

    fn write_value(&mut self, w: &mut Writer) -> Result<(), Damaged> {
        w.open_object();
        match self.byte()? {
            S => w.key("S").string(self.text()?),
            tag @ (N_POSITIVE | N_NEGATIVE) => w.key("N").string(&self.number(tag)?.to_string()),
            B => w.key("B").base64(self.bytes()?),
            FALSE => w.key("BOOL").boolean(false),
            TRUE => w.key("BOOL").boolean(true),
            NULL => w.key("NULL").boolean(true),
            L => self.write_list(w.key("L"), Self::write_value)?,
            M => self.write_map(w.key("M"))?,
            SS => self.write_list(w.key("SS"), |c, w| c.text().map(|t| w.string(t)))?,
            NS => self.write_list(w.key("NS"), |c, w| c.tagged_number().map(|n| w.string(&n.to_string())))?,
            BS => self.write_list(w.key("BS"), |c, w| c.bytes().map(|b| w.base64(b)))?,
            _ => return Err(Damaged),
        }
        w.close_object();
        Ok(())
    }
}
