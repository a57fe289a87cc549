//! Small texts: what answers carry percent-encoded, and how long a document counts.

use std::fmt::Write;

/// Percent-encodes all but unreserved characters (RFC 3986 §2.3), as IAM's answers carry policy documents.
pub(crate) fn percent_encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len() * 2), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            // Writing into a String cannot fail.
            byte => drop(write!(encoded, "%{byte:02X}")),
        }
        encoded
    })
}

/// The characters of a document that count towards its quota: AWS leaves out white space.
pub(crate) fn counted(document: &str) -> usize {
    document.chars().filter(|c| !c.is_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_as_iam_does() {
        assert_eq!(percent_encode("{\"a\": \"é~*\"}"), "%7B%22a%22%3A%20%22%C3%A9~%2A%22%7D");
        assert_eq!(counted("{ \"a\" :\n1 }"), 7);
    }
}
