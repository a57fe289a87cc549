//! Writes a JSON body straight into bytes; commas look after themselves.

use base64::{Engine, engine::general_purpose::STANDARD};

/// A JSON text that grows. Every `open_*` needs its `close_*`.
#[derive(Default)]
pub struct Writer {
    out: Vec<u8>,
    /// Whether the next member or element follows another one.
    follows: bool,
}

impl Writer {
    /// An empty text with room for this many bytes.
    pub fn with_capacity(bytes: usize) -> Writer {
        Writer { out: Vec::with_capacity(bytes), follows: false }
    }

    /// The text.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    fn comma(&mut self) {
        if self.follows {
            self.out.push(b',');
        }
        self.follows = true;
    }

    /// Starts an object.
    pub fn open_object(&mut self) -> &mut Self {
        self.open(b'{')
    }

    /// Ends an object.
    pub fn close_object(&mut self) {
        self.close(b'}');
    }

    /// Starts a list.
    pub fn open_array(&mut self) -> &mut Self {
        self.open(b'[')
    }

    /// Ends a list.
    pub fn close_array(&mut self) {
        self.close(b']');
    }

    fn open(&mut self, bracket: u8) -> &mut Self {
        self.comma();
        self.out.push(bracket);
        self.follows = false;
        self
    }

    fn close(&mut self, bracket: u8) {
        self.out.push(bracket);
        self.follows = true;
    }

    /// The name of the next member.
    pub fn key(&mut self, name: &str) -> &mut Self {
        self.comma();
        self.quoted(name);
        self.out.push(b':');
        self.follows = false;
        self
    }

    /// A string.
    pub fn string(&mut self, text: &str) {
        self.comma();
        self.quoted(text);
    }

    /// Bytes as base64 text.
    pub fn base64(&mut self, bytes: &[u8]) {
        self.comma();
        self.out.push(b'"');
        let start = self.out.len();
        self.out.resize(start + bytes.len().div_ceil(3) * 4, 0);
        // The space is exactly what padded base64 needs, so encoding cannot run out of it.
        let written = STANDARD.encode_slice(bytes, &mut self.out[start..]).unwrap_or(0);
        self.out.truncate(start + written);
        self.out.push(b'"');
    }

    /// Text that is JSON already, such as a number.
    pub fn raw(&mut self, json: &str) {
        self.comma();
        self.out.extend_from_slice(json.as_bytes());
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, value: bool) {
        self.raw(if value { "true" } else { "false" });
    }

    /// A whole number.
    pub fn integer(&mut self, value: u64) {
        self.raw(&value.to_string());
    }

    /// A number of capacity units, always with a decimal point as AWS writes them.
    pub fn units(&mut self, value: f64) {
        self.raw(&format!("{value:?}"));
    }

    fn quoted(&mut self, text: &str) {
        self.out.push(b'"');
        let bytes = text.as_bytes();
        // Seldom true, and the test for all bytes at once is fast.
        let escaped = if bytes.iter().fold(false, |any, b| any | needs_escape(*b)) { bytes } else { &[] };
        let mut start = 0;
        for (n, byte) in escaped.iter().enumerate() {
            if let Some(escape) = escape(*byte) {
                self.out.extend_from_slice(&bytes[start..n]);
                self.out.extend_from_slice(escape.as_bytes());
                start = n + 1;
            }
        }
        self.out.extend_from_slice(&bytes[start..]);
        self.out.push(b'"');
    }
}

const CONTROLS: [&str; 32] = [
    "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007", "\\b", "\\t", "\\n",
    "\\u000b", "\\f", "\\r", "\\u000e", "\\u000f", "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014", "\\u0015",
    "\\u0016", "\\u0017", "\\u0018", "\\u0019", "\\u001a", "\\u001b", "\\u001c", "\\u001d", "\\u001e", "\\u001f",
];

fn needs_escape(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

fn escape(byte: u8) -> Option<&'static str> {
    match byte {
        b'"' => Some("\\\""),
        b'\\' => Some("\\\\"),
        control => CONTROLS.get(control as usize).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nests_and_escapes() {
        let mut w = Writer::default();
        w.open_object().key("a\"").open_array();
        w.integer(1);
        w.string("x\n\u{1}");
        w.base64(b"abcd");
        w.open_object().close_object();
        w.close_array();
        w.key("u").units(1.0);
        w.close_object();
        let text = String::from_utf8(w.into_bytes()).unwrap();
        assert_eq!(text, r#"{"a\"":[1,"x\n\u0001","YWJjZA==",{}],"u":1.0}"#);
    }
}
