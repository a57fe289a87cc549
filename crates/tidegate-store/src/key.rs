//! Keys as bytes whose order is the order of the keys: tuples order as their parts do.
//!
//! Text and bytes end with `00 01`; a zero byte inside becomes `00 FF`, which sorts behind the end mark, so that
//! `"a" < "a\0" < "ab"` holds for the encoded forms, too. Integers are big-endian; signed ones have their sign bit flipped.

use tidegate_types::{AccountId, Region, Timestamp};

/// A value that can be (a part of) a key. `decode` gives back what `encode` took, and encoded keys compare as keys do.
pub trait Key: Sized {
    /// Appends the ordered form.
    fn encode(&self, out: &mut Vec<u8>);

    /// Takes one key off the front of the input, or `None` if the bytes are no such key.
    fn decode(input: &mut &[u8]) -> Option<Self>;
}

/// Something that stands for a key of type `K`: a reference to one, or a tuple of references and `&str`s.
/// It spares the callers from building owned keys for a look-up: `(&account, &region, "name")`.
pub trait KeyOf<K: Key> {
    /// Appends what the key would append.
    fn encode_key(&self, out: &mut Vec<u8>);
}

impl<K: Key> KeyOf<K> for &K {
    fn encode_key(&self, out: &mut Vec<u8>) {
        self.encode(out);
    }
}

impl KeyOf<String> for &str {
    fn encode_key(&self, out: &mut Vec<u8>) {
        encode_bytes(self.as_bytes(), out);
    }
}

impl KeyOf<Vec<u8>> for &[u8] {
    fn encode_key(&self, out: &mut Vec<u8>) {
        encode_bytes(self, out);
    }
}

/// The first parts of a key of type `K`, as a tuple; `()` is the prefix of all keys. The last part may be
/// [`StartsWith`] where the key has a `String`.
pub trait PrefixOf<K: Key> {
    /// Appends what every key with this prefix starts with.
    fn encode_prefix(&self, out: &mut Vec<u8>);
}

impl<K: Key> PrefixOf<K> for () {
    fn encode_prefix(&self, _out: &mut Vec<u8>) {}
}

/// The beginning of a text part: `(&account, &region, StartsWith("/aws/lambda/"))`.
#[derive(Debug, Clone, Copy)]
pub struct StartsWith<'a>(pub &'a str);

impl StartsWith<'_> {
    fn encode_start(&self, out: &mut Vec<u8>) {
        escape(self.0.as_bytes(), out);
    }
}

impl PrefixOf<String> for StartsWith<'_> {
    fn encode_prefix(&self, out: &mut Vec<u8>) {
        self.encode_start(out);
    }
}

fn escape(bytes: &[u8], out: &mut Vec<u8>) {
    for byte in bytes {
        out.push(*byte);
        if *byte == 0 {
            out.push(0xff);
        }
    }
}

fn encode_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    escape(bytes, out);
    out.extend_from_slice(&[0, 1]);
}

fn decode_bytes(input: &mut &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let zero = input.iter().position(|b| *b == 0)?;
        bytes.extend_from_slice(&input[..zero]);
        let mark = *input.get(zero + 1)?;
        *input = &input[zero + 2..];
        match mark {
            1 => return Some(bytes),
            0xff => bytes.push(0),
            _ => return None,
        }
    }
}

impl Key for Vec<u8> {
    fn encode(&self, out: &mut Vec<u8>) {
        encode_bytes(self, out);
    }

    fn decode(input: &mut &[u8]) -> Option<Vec<u8>> {
        decode_bytes(input)
    }
}

impl Key for String {
    fn encode(&self, out: &mut Vec<u8>) {
        encode_bytes(self.as_bytes(), out);
    }

    fn decode(input: &mut &[u8]) -> Option<String> {
        String::from_utf8(decode_bytes(input)?).ok()
    }
}

/// Implements [`Key`] for newtypes of text that have `as_str()` and `FromStr`.
#[macro_export]
macro_rules! string_key {
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::Key for $type {
            fn encode(&self, out: &mut Vec<u8>) {
                $crate::KeyOf::<String>::encode_key(&self.as_str(), out);
            }

            fn decode(input: &mut &[u8]) -> Option<Self> {
                <String as $crate::Key>::decode(input)?.parse().ok()
            }
        }
    )+};
}

string_key!(AccountId, Region);

macro_rules! integer_key {
    ($($type:ty: $flip:expr),+) => {$(
        impl Key for $type {
            fn encode(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&(*self ^ $flip).to_be_bytes());
            }

            fn decode(input: &mut &[u8]) -> Option<$type> {
                let (bytes, rest) = input.split_first_chunk()?;
                *input = rest;
                Some(<$type>::from_be_bytes(*bytes) ^ $flip)
            }
        }

        impl KeyOf<$type> for $type {
            fn encode_key(&self, out: &mut Vec<u8>) {
                self.encode(out);
            }
        }
    )+};
}

integer_key!(u8: 0, u16: 0, u32: 0, u64: 0, u128: 0, i32: i32::MIN, i64: i64::MIN);

impl Key for Timestamp {
    fn encode(&self, out: &mut Vec<u8>) {
        self.as_ms().encode(out);
    }

    fn decode(input: &mut &[u8]) -> Option<Timestamp> {
        u64::decode(input).map(Timestamp::from_ms)
    }
}

impl<const N: usize> Key for [u8; N] {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }

    fn decode(input: &mut &[u8]) -> Option<[u8; N]> {
        let (bytes, rest) = input.split_first_chunk()?;
        *input = rest;
        Some(*bytes)
    }
}

impl Key for () {
    fn encode(&self, _out: &mut Vec<u8>) {}

    fn decode(_input: &mut &[u8]) -> Option<()> {
        Some(())
    }
}

macro_rules! tuple_key {
    ($($part:ident $query:ident $n:tt),+) => {
        impl<$($part: Key),+> Key for ($($part,)+) {
            fn encode(&self, out: &mut Vec<u8>) {
                $(self.$n.encode(out);)+
            }

            fn decode(input: &mut &[u8]) -> Option<Self> {
                Some(($($part::decode(input)?,)+))
            }
        }

        impl<$($part: Key, $query: KeyOf<$part>),+> KeyOf<($($part,)+)> for ($($query,)+) {
            fn encode_key(&self, out: &mut Vec<u8>) {
                $(self.$n.encode_key(out);)+
            }
        }
    };
}

tuple_key!(A QA 0);
tuple_key!(A QA 0, B QB 1);
tuple_key!(A QA 0, B QB 1, C QC 2);
tuple_key!(A QA 0, B QB 1, C QC 2, D QD 3);
tuple_key!(A QA 0, B QB 1, C QC 2, D QD 3, E QE 4);
tuple_key!(A QA 0, B QB 1, C QC 2, D QD 3, E QE 4, F QF 5);

/// Prefixes of whole parts: those before the bar are given, those behind it are open.
macro_rules! tuple_prefix {
    ($($part:ident $query:ident $n:tt),+ | $($open:ident),+) => {
        impl<$($part: Key, $query: KeyOf<$part>,)+ $($open: Key),+> PrefixOf<($($part,)+ $($open,)+)> for ($($query,)+) {
            fn encode_prefix(&self, out: &mut Vec<u8>) {
                $(self.$n.encode_key(out);)+
            }
        }
    };
}

tuple_prefix!(A QA 0 | B);
tuple_prefix!(A QA 0 | B, C);
tuple_prefix!(A QA 0 | B, C, D);
tuple_prefix!(A QA 0 | B, C, D, E);
tuple_prefix!(A QA 0 | B, C, D, E, F);
tuple_prefix!(A QA 0, B QB 1 | C);
tuple_prefix!(A QA 0, B QB 1 | C, D);
tuple_prefix!(A QA 0, B QB 1 | C, D, E);
tuple_prefix!(A QA 0, B QB 1 | C, D, E, F);
tuple_prefix!(A QA 0, B QB 1, C QC 2 | D);
tuple_prefix!(A QA 0, B QB 1, C QC 2 | D, E);
tuple_prefix!(A QA 0, B QB 1, C QC 2 | D, E, F);
tuple_prefix!(A QA 0, B QB 1, C QC 2, D QD 3 | E);
tuple_prefix!(A QA 0, B QB 1, C QC 2, D QD 3 | E, F);
tuple_prefix!(A QA 0, B QB 1, C QC 2, D QD 3, E QE 4 | F);

/// Prefixes that end inside a text part, whose place is given behind the colon.
macro_rules! text_prefix {
    ($($part:ident $query:ident $n:tt),* : $text:tt | $($open:ident),*) => {
        impl<$($part: Key, $query: KeyOf<$part>,)* $($open: Key),*> PrefixOf<($($part,)* String, $($open,)*)>
            for ($($query,)* StartsWith<'_>,)
        {
            fn encode_prefix(&self, out: &mut Vec<u8>) {
                $(self.$n.encode_key(out);)*
                self.$text.encode_start(out);
            }
        }
    };
}

text_prefix!(: 0 |);
text_prefix!(: 0 | B);
text_prefix!(: 0 | B, C);
text_prefix!(A QA 0 : 1 |);
text_prefix!(A QA 0 : 1 | C);
text_prefix!(A QA 0 : 1 | C, D);
text_prefix!(A QA 0, B QB 1 : 2 |);
text_prefix!(A QA 0, B QB 1 : 2 | D);
text_prefix!(A QA 0, B QB 1 : 2 | D, E);
text_prefix!(A QA 0, B QB 1, C QC 2 : 3 |);
text_prefix!(A QA 0, B QB 1, C QC 2 : 3 | E);
text_prefix!(A QA 0, B QB 1, C QC 2 : 3 | E, F);
text_prefix!(A QA 0, B QB 1, C QC 2, D QD 3 : 4 |);

#[cfg(test)]
mod tests;
