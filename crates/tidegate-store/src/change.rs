//! Changes as the log has them: `key length, value length + 1 or 0 for a deletion, key, value`, lengths as little-endian
//! base-128 numbers.

/// Appends one change.
pub(crate) fn write(out: &mut Vec<u8>, key: &[u8], value: Option<&[u8]>) {
    write_number(out, key.len() as u64);
    write_number(out, value.map_or(0, |v| v.len() as u64 + 1));
    out.extend_from_slice(key);
    out.extend_from_slice(value.unwrap_or_default());
}

/// Takes one change off the front, or `None` if the bytes are no change.
pub(crate) fn read<'a>(input: &mut &'a [u8]) -> Option<(&'a [u8], Option<&'a [u8]>)> {
    let key_len = read_number(input)?;
    let value_len = read_number(input)?;
    let key = take(input, key_len)?;
    let value = match value_len {
        0 => None,
        more => Some(take(input, more - 1)?),
    };
    Some((key, value))
}

fn take<'a>(input: &mut &'a [u8], len: u64) -> Option<&'a [u8]> {
    let (taken, rest) = input.split_at_checked(usize::try_from(len).ok()?)?;
    *input = rest;
    Some(taken)
}

/// Appends a number of seven bits for each byte, lowest first.
pub(crate) fn write_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes such a number off the front.
pub(crate) fn read_number(input: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = input.split_first()?;
        *input = rest;
        number |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn come_back_as_they_were(changes: Vec<(Vec<u8>, Option<Vec<u8>>)>) {
            let mut bytes = Vec::new();
            changes.iter().for_each(|(key, value)| write(&mut bytes, key, value.as_deref()));
            let mut input = bytes.as_slice();
            for (key, value) in &changes {
                prop_assert_eq!(read(&mut input), Some((key.as_slice(), value.as_deref())));
            }
            prop_assert!(input.is_empty());
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes: Vec<u8>) {
            let mut input = bytes.as_slice();
            while !input.is_empty() && read(&mut input).is_some() {}
        }

        #[test]
        fn numbers_come_back(number: u64) {
            let mut bytes = Vec::new();
            write_number(&mut bytes, number);
            prop_assert_eq!(read_number(&mut bytes.as_slice()), Some(number));
        }
    }

    #[test]
    fn a_number_that_never_ends_is_none() {
        assert_eq!(read_number(&mut [0xff; 20].as_slice()), None);
    }
}
