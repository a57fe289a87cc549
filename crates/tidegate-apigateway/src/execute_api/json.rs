//! Writing JSON straight into a buffer: events are built on the hot path, field by field.

use base64::{Engine, engine::general_purpose::STANDARD};

/// A JSON text under construction. The caller writes the punctuation with [`raw`](Json::raw).
pub struct Json(Vec<u8>);

impl Json {
    /// An empty text with room for this many bytes.
    pub fn with_capacity(bytes: usize) -> Json {
        Json(Vec::with_capacity(bytes))
    }

    /// Appends text that is JSON already.
    pub fn raw(&mut self, json: &str) -> &mut Json {
        self.0.extend_from_slice(json.as_bytes());
        self
    }

    /// Appends a string, quoted and escaped (RFC 8259 §7).
    pub fn string(&mut self, text: &str) -> &mut Json {
        self.0.push(b'"');
        escape(text, &mut self.0);
        self.0.push(b'"');
        self
    }

    /// Appends a string, or `null`.
    pub fn nullable(&mut self, text: Option<&str>) -> &mut Json {
        match text {
            Some(text) => self.string(text),
            None => self.raw("null"),
        }
    }

    /// Appends a number.
    pub fn number(&mut self, number: u64) -> &mut Json {
        let text = number.to_string();
        self.raw(&text)
    }

    /// Appends bytes as a string in base64.
    pub fn base64(&mut self, bytes: &[u8]) -> &mut Json {
        self.0.push(b'"');
        let start = self.0.len();
        self.0.resize(start + bytes.len().div_ceil(3) * 4, 0);
        // The room is exactly what padded base64 needs, so nothing can be cut.
        let _ = STANDARD.encode_slice(bytes, &mut self.0[start..]);
        self.0.push(b'"');
        self
    }

    /// Appends an object of strings.
    pub fn object<'a>(&mut self, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> &mut Json {
        let mut separator = "{";
        for (name, value) in pairs {
            self.raw(separator).string(name).raw(":").string(value);
            separator = ",";
        }
        self.raw(if separator == "{" { "{}" } else { "}" })
    }

    /// Appends an object of strings out of pairs that are sorted by name. Values of one name are handed to `write`
    /// together, which appends what the name gets.
    pub fn grouped<N: AsRef<str>, V>(
        &mut self,
        pairs: &[(N, V)],
        write: impl Fn(&mut Json, &mut dyn Iterator<Item = &V>),
    ) -> &mut Json {
        let mut separator = "{";
        for group in pairs.chunk_by(|a, b| a.0.as_ref() == b.0.as_ref()) {
            self.raw(separator).string(group[0].0.as_ref()).raw(":");
            write(self, &mut group.iter().map(|(_, value)| value));
            separator = ",";
        }
        self.raw(if separator == "{" { "{}" } else { "}" })
    }

    /// Appends one string of several values, with commas between them.
    pub fn joined<'a>(&mut self, values: impl Iterator<Item = &'a str>) -> &mut Json {
        self.0.push(b'"');
        for (n, value) in values.enumerate() {
            if n > 0 {
                self.0.push(b',');
            }
            escape(value, &mut self.0);
        }
        self.0.push(b'"');
        self
    }

    /// Appends an array of strings.
    pub fn array<'a>(&mut self, items: impl Iterator<Item = &'a str>) -> &mut Json {
        let mut separator = "[";
        for item in items {
            self.raw(separator).string(item);
            separator = ",";
        }
        self.raw(if separator == "[" { "[]" } else { "]" })
    }

    /// The text.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Appends text as it stands inside a JSON string.
pub fn escape(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut start = 0;
    for (n, &byte) in bytes.iter().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&bytes[start..n]);
        start = n + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            _ => {
                let digit = |d: u8| b"0123456789abcdef"[d as usize];
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    out.extend_from_slice(&bytes[start..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_reads_back(text in any::<String>(), bytes in any::<Vec<u8>>()) {
            let mut json = Json::with_capacity(0);
            json.raw("[").string(&text).raw(",").base64(&bytes).raw("]");
            let read: (String, String) = serde_json::from_slice(&json.into_bytes()).expect("valid JSON");
            prop_assert_eq!(read.0, text);
            prop_assert_eq!(STANDARD.decode(read.1).expect("base64"), bytes);
        }
    }

    #[test]
    fn empty_collections() {
        let mut json = Json::with_capacity(0);
        json.object(std::iter::empty()).array(std::iter::empty());
        assert_eq!(json.into_bytes(), b"{}[]");
    }
}
