//! Attribute values in AWS' JSON: `{"S": "text"}`. Reading reports broken JSON at once; a value that is well formed but
//! not allowed is kept back (see [`Faults`]), because AWS complains about other members of the request first.

use super::{AttributeValue, Attributes, Number, Type};
use crate::error::Error;
use crate::json::{Reader, SyntaxError, Target, Writer};
use crate::limits;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::collections::BTreeSet;

/// The first value of a request that is not allowed, kept until its turn comes.
#[derive(Debug, Default)]
pub struct Faults(Option<Error>);

impl Faults {
    fn note(&mut self, error: Error) {
        self.0.get_or_insert(error);
    }

    /// The first fault.
    pub fn check(&mut self) -> Result<(), Error> {
        self.0.take().map_or(Ok(()), Err)
    }
}

/// Reads a map of attributes: an item, a key.
pub fn read_attributes(reader: &mut Reader<'_>, faults: &mut Faults) -> Result<Attributes, SyntaxError> {
    read_map(reader, faults, 1)
}

fn read_map(reader: &mut Reader<'_>, faults: &mut Faults, level: usize) -> Result<Attributes, SyntaxError> {
    let mut pairs = Vec::new();
    reader.object(Target::Map, |r, name| -> Result<(), SyntaxError> {
        if name.is_empty() {
            faults.note(Error::rule("Empty attribute name"));
        }
        if name.len() > limits::NAME_BYTES {
            faults.note(Error::rule("Attribute name is too large, must be less than 65536 bytes"));
        }
        let value = read_level(r, faults, level)?;
        pairs.push((name.into_owned(), value));
        Ok(())
    })?;
    Ok(pairs.into_iter().collect())
}

/// Reads one value.
pub fn read_value(reader: &mut Reader<'_>, faults: &mut Faults) -> Result<AttributeValue, SyntaxError> {
    read_level(reader, faults, 1)
}

fn read_level(reader: &mut Reader<'_>, faults: &mut Faults, level: usize) -> Result<AttributeValue, SyntaxError> {
    let mut found = None;
    reader.object(Target::Structure, |r, name| -> Result<(), SyntaxError> {
        let Some(kind) = Type::from_name(&name) else { return r.skip() };
        if found.is_some() {
            faults.note(Error::SeveralTypes);
        }
        if level > limits::VALUE_LEVELS {
            faults.note(Error::TooManyLevels);
            return r.skip();
        }
        found = Some(read_typed(r, faults, kind, level)?);
        Ok(())
    })?;
    Ok(found.unwrap_or_else(|| {
        faults.note(if level > limits::VALUE_LEVELS { Error::TooManyLevels } else { Error::EmptyValue });
        AttributeValue::Null
    }))
}

fn read_typed(
    reader: &mut Reader<'_>,
    faults: &mut Faults,
    kind: Type,
    level: usize,
) -> Result<AttributeValue, SyntaxError> {
    Ok(match kind {
        Type::S => AttributeValue::S(reader.string()?.into_owned()),
        Type::N => AttributeValue::N(read_number(reader, faults)?),
        Type::B => AttributeValue::B(read_blob(reader)?),
        Type::Bool => AttributeValue::Bool(reader.boolean()?),
        Type::Null => {
            if !reader.boolean()? {
                faults.note(Error::NullIsFalse);
            }
            AttributeValue::Null
        }
        Type::L => AttributeValue::L(read_list(reader, |r| read_level(r, faults, level + 1))?),
        Type::M => AttributeValue::M(read_map(reader, faults, level + 1)?),
        Type::SS => AttributeValue::SS(string_set(read_list(reader, |r| Ok(r.string()?.into_owned()))?, faults)),
        Type::NS => AttributeValue::NS(number_set(read_list(reader, |r| read_number(r, faults))?, faults)),
        Type::BS => AttributeValue::BS(binary_set(read_list(reader, read_blob)?, faults)),
    })
}

fn read_list<T>(
    reader: &mut Reader<'_>,
    mut element: impl FnMut(&mut Reader<'_>) -> Result<T, SyntaxError>,
) -> Result<Vec<T>, SyntaxError> {
    let mut list = Vec::new();
    reader.array(|r| -> Result<(), SyntaxError> {
        list.push(element(r)?);
        Ok(())
    })?;
    Ok(list)
}

fn read_number(reader: &mut Reader<'_>, faults: &mut Faults) -> Result<Number, SyntaxError> {
    let text = reader.string()?;
    Ok(Number::parse(&text).unwrap_or_else(|error| {
        faults.note(Error::Number { error, text: text.into_owned() });
        Number::ZERO
    }))
}

fn read_blob(reader: &mut Reader<'_>) -> Result<Vec<u8>, SyntaxError> {
    let text = reader.text(Target::Blob)?;
    STANDARD.decode(text.as_bytes()).map_err(|_| SyntaxError::Base64)
}

fn string_set(list: Vec<String>, faults: &mut Faults) -> Vec<String> {
    if list.is_empty() {
        faults.note(Error::EmptySet(Type::SS));
    }
    if list.iter().any(String::is_empty) {
        faults.note(Error::EmptyMember(Type::SS));
    }
    let set: BTreeSet<&String> = list.iter().collect();
    if set.len() < list.len() {
        faults.note(Error::DuplicateStrings(list.clone()));
    }
    sorted(list)
}

fn number_set(list: Vec<Number>, faults: &mut Faults) -> Vec<Number> {
    if list.is_empty() {
        faults.note(Error::EmptySet(Type::NS));
    }
    let count = list.len();
    let set = sorted(list);
    if set.len() < count {
        faults.note(Error::DuplicateNumbers);
    }
    set
}

fn binary_set(list: Vec<Vec<u8>>, faults: &mut Faults) -> Vec<Vec<u8>> {
    if list.is_empty() {
        faults.note(Error::EmptySet(Type::BS));
    }
    if list.iter().any(Vec::is_empty) {
        faults.note(Error::EmptyMember(Type::BS));
    }
    let set: BTreeSet<&Vec<u8>> = list.iter().collect();
    if set.len() < list.len() {
        faults.note(Error::DuplicateBinaries(list.iter().map(|b| STANDARD.encode(b)).collect()));
    }
    sorted(list)
}

/// In order and without duplicates, as [`AttributeValue`]'s sets have to be.
pub fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list.dedup();
    list
}

/// Writes attributes as an object.
pub fn write_attributes(writer: &mut Writer, attributes: &Attributes) {
    writer.open_object();
    for (name, value) in attributes.iter() {
        writer.key(name);
        write_value(writer, value);
    }
    writer.close_object();
}

/// Writes one value.
pub fn write_value(writer: &mut Writer, value: &AttributeValue) {
    writer.open_object().key(value.kind().name());
    match value {
        AttributeValue::S(text) => writer.string(text),
        AttributeValue::N(number) => writer.string(&number.to_string()),
        AttributeValue::B(bytes) => writer.base64(bytes),
        AttributeValue::Bool(value) => writer.boolean(*value),
        AttributeValue::Null => writer.boolean(true),
        AttributeValue::L(list) => write_list(writer, list, write_value),
        AttributeValue::M(map) => write_attributes(writer, map),
        AttributeValue::SS(set) => write_list(writer, set, |w, s| w.string(s)),
        AttributeValue::NS(set) => write_list(writer, set, |w, n| w.string(&n.to_string())),
        AttributeValue::BS(set) => write_list(writer, set, |w, b| w.base64(b)),
    }
    writer.close_object();
}

fn write_list<T>(writer: &mut Writer, list: &[T], element: impl Fn(&mut Writer, &T)) {
    writer.open_array();
    list.iter().for_each(|e| element(writer, e));
    writer.close_array();
}

#[cfg(test)]
#[path = "value_json_tests.rs"]
pub(crate) mod tests;
