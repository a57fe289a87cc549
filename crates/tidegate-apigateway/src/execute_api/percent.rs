//! Percent-encoding (RFC 3986 §2.1) as paths and query strings have it.

use std::borrow::Cow;

/// A path or a part of one, decoded; `None` if an escape is broken or the bytes are no UTF-8 (overlong forms are none).
pub fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        out.push(pair(rest)?);
        rest = &rest[2..];
    }
    String::from_utf8(out).ok().map(Cow::Owned)
}

/// A key or value of a query string, decoded: `+` is a space, a broken escape stands for itself, and bytes that are no
/// UTF-8 become replacement characters.
pub fn decode_query(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match (byte, pair(tail)) {
            (b'%', Some(decoded)) => {
                out.push(decoded);
                rest = &tail[2..];
            }
            (b'+', _) => out.push(b' '),
            _ => out.push(byte),
        }
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

/// Text as a key or value of a query string: all but unreserved characters (RFC 3986 §2.3) is escaped.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The byte that the first two hex digits stand for.
fn pair(digits: &[u8]) -> Option<u8> {
    let [high, low, ..] = digits else { return None };
    let value = |d: u8| (d as char).to_digit(16).map(|v| v as u8);
    Some(value(*high)? << 4 | value(*low)?)
}

/// The pairs of a query string, decoded, in order. Empty pieces between ampersands are no pairs.
pub fn pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    query.split('&').filter(|piece| !piece.is_empty()).map(|piece| {
        let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
        (decode_query(key), decode_query(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_paths() {
        let table = [
            ("/items", Some("/items")),
            ("/a%20b", Some("/a b")),
            ("/a+b", Some("/a+b")),
            ("/%C3%BC", Some("/ü")),
            ("/%2e%2E", Some("/..")),
            ("/%", None),
            ("/%4", None),
            ("/%zz", None),
            ("/%c0%af", None),
            ("/%ff", None),
        ];
        for (text, expected) in table {
            assert_eq!(decode(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn decodes_query_strings() {
        let table = [
            ("a=1&b=2", vec![("a", "1"), ("b", "2")]),
            ("a=1+2&a=%2B", vec![("a", "1 2"), ("a", "+")]),
            ("flag&=x&&e=", vec![("flag", ""), ("", "x"), ("e", "")]),
            ("a=%zz&b=%", vec![("a", "%zz"), ("b", "%")]),
            ("a=b=c", vec![("a", "b=c")]),
            ("", vec![]),
        ];
        for (text, expected) in table {
            let found: Vec<_> = pairs(text).collect();
            let found: Vec<_> = found.iter().map(|(k, v)| (&**k, &**v)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
