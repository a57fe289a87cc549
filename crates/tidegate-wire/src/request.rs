//! A request as the wire layer reads it, and the texts that HTTP encodes.

use http::{HeaderMap, HeaderName, Method, header};
use std::borrow::Cow;

/// A request, borrowed from whoever received it.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path as it was sent, not decoded.
    pub path: &'a str,
    /// The query string as it was sent, without its question mark.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body, free of transfer and chunk encodings.
    pub body: &'a [u8],
    /// The service in the signature's credential scope, if the request is signed.
    pub scope: Option<&'a str>,
}

impl<'a> Request<'a> {
    /// A header's first value, if it is visible ASCII.
    pub fn header(&self, name: HeaderName) -> Option<&'a str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// Whether the body is of this media type, whatever its parameters.
    pub fn is_of_type(&self, media_type: &str) -> bool {
        let value = self.header(header::CONTENT_TYPE).unwrap_or_default();
        let bare = value.split_once(';').map_or(value, |(bare, _)| bare);
        bare.trim().eq_ignore_ascii_case(media_type)
    }

    /// The host without its port.
    pub fn host(&self) -> &'a str {
        let host = self.header(header::HOST).unwrap_or_default();
        host.rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
            .map_or(host, |(name, _)| name)
    }

    /// The query string's parameters, decoded.
    pub fn query_pairs(&self) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
        form_pairs(self.query)
    }
}

/// Decodes `%41`. What is no escape stays as it is; bytes that are no UTF-8 become U+FFFD.
pub fn percent_decode(text: &str) -> Cow<'_, str> {
    decode(text, false)
}

/// Takes `a=1&b=2` apart (WHATWG URL §5.1): `+` is a space, empty parts are dropped.
pub fn form_pairs(text: &str) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    let parts = text.split('&').filter(|p| !p.is_empty());
    parts
        .map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(key, true), decode(value, true))
        })
        .collect()
}

fn decode(text: &str, plus_is_space: bool) -> Cow<'_, str> {
    if !text.bytes().any(|b| b == b'%' || (plus_is_space && b == b'+')) {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = (byte == b'%').then(|| escape(bytes.get(at + 1..at + 3)?)).flatten();
        out.push(match byte {
            b'+' if plus_is_space => b' ',
            _ => escaped.unwrap_or(byte),
        });
        at += if escaped.is_some() { 3 } else { 1 };
    }
    Cow::Owned(String::from_utf8(out).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()))
}

fn escape(digits: &[u8]) -> Option<u8> {
    let digit = |b: u8| (b as char).to_digit(16).map(|d| d as u8);
    Some(digit(digits[0])? << 4 | digit(digits[1])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_percent_escapes() {
        let cases = [
            ("", ""),
            ("plain+", "plain+"),
            ("%41%62", "Ab"),
            ("arn%3Aaws%2Fx", "arn:aws/x"),
            ("%", "%"),
            ("%4", "%4"),
            ("%zz", "%zz"),
            ("%C3%A9", "é"),
            ("%FF", "\u{fffd}"),
        ];
        for (input, expected) in cases {
            assert_eq!(percent_decode(input), expected, "{input}");
        }
    }

    #[test]
    fn takes_forms_apart() {
        let pairs = form_pairs("a=1&&b=x+y%2B&c&=d&e==");
        let expected = [("a", "1"), ("b", "x y+"), ("c", ""), ("", "d"), ("e", "=")];
        assert_eq!(pairs, expected.map(|(k, v)| (k.into(), v.into())));
    }
}
