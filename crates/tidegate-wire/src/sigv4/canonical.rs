//! The canonical request: the one way in which client and server write down a request before they sign it.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request>

use super::{ALGORITHM, Encoding, Request, Scope};
use http::HeaderMap;
use std::borrow::Cow;
use std::fmt::Write;

/// The canonical request. `skipped` names the query parameter that holds the signature itself.
pub(super) fn request(
    request: &Request<'_>,
    signed_headers: &str,
    payload_hash: &str,
    encoding: Encoding,
    skipped: Option<&str>,
) -> String {
    let mut text = String::with_capacity(TEXT_BYTES);
    for line in [request.method, &*path(request.path, encoding), &query(request.query, skipped)] {
        text.push_str(line);
        text.push('\n');
    }
    for name in signed_headers.split(';') {
        text.push_str(name);
        text.push(':');
        push_header(&mut text, request.headers, name);
        text.push('\n');
    }
    ["\n", signed_headers, "\n", payload_hash].into_iter().for_each(|part| text.push_str(part));
    text
}

/// Room for most canonical requests.
const TEXT_BYTES: usize = 768;

/// What is signed, in pieces: algorithm, time, scope, and the canonical request's hash.
pub(super) fn string_to_sign<'a>(amz_date: &'a str, scope: &'a Scope<'_>, hash: &'a str) -> [&'a str; 11] {
    let Scope { date, region, service } = scope;
    [ALGORITHM, "\n", amz_date, "\n", date, "/", region, "/", service, "/aws4_request\n", hash]
}

fn path(raw: &str, encoding: Encoding) -> Cow<'_, str> {
    if matches!(raw, "" | "/") {
        return "/".into();
    }
    let encoded = match encoding {
        // Segment by segment, so that an escaped slash stays one.
        Encoding::Once => raw.split('/').map(|part| encode(&decode(part), false)).collect::<Vec<_>>().join("/"),
        Encoding::Twice => encode(normalize(raw).as_bytes(), true),
    };
    encoded.into()
}

/// Takes out `.`, `..` and empty segments; a slash at the end stays.
fn normalize(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    let end = if path.ends_with('/') && !segments.is_empty() { "/" } else { "" };
    format!("/{}{end}", segments.join("/"))
}

/// Parameters in the order of their encoded names, then values.
fn query(raw: &str, skipped: Option<&str>) -> String {
    let mut parameters: Vec<(String, String)> = parameters(raw)
        .filter(|(name, _)| skipped != Some(name.as_str()))
        .map(|(name, value)| (encode(name.as_bytes(), false), encode(value.as_bytes(), false)))
        .collect();
    parameters.sort();
    let pairs: Vec<String> = parameters.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// The decoded parameters of a query, as they stand there.
pub(super) fn parameters(raw: &str) -> impl Iterator<Item = (String, String)> {
    raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (text(name), text(value))
    })
}

fn text(raw: &str) -> String {
    String::from_utf8_lossy(&decode(raw)).into_owned()
}

/// All values of a header, trimmed, inner runs of spaces as one, joined by commas.
fn push_header(text: &mut String, headers: &HeaderMap, name: &str) {
    // Requests have few headers: comparing all names costs less than looking one up.
    let values = headers.iter().filter(|(known, _)| known.as_str() == name);
    for (n, (_, value)) in values.enumerate() {
        if n > 0 {
            text.push(',');
        }
        match str::from_utf8(value.as_bytes()) {
            Ok(value) if is_compact(value.as_bytes()) => text.push_str(value),
            _ => push_words(text, &String::from_utf8_lossy(value.as_bytes())),
        }
    }
}

/// Whether nothing but single spaces stands between words, and none around them.
fn is_compact(value: &[u8]) -> bool {
    let mut after_space = true;
    for byte in value {
        let is_space = *byte == b' ';
        if *byte == b'\t' || (is_space && after_space) {
            return false;
        }
        after_space = is_space;
    }
    !after_space || value.is_empty()
}

fn push_words(text: &mut String, value: &str) {
    for (n, word) in value.split_ascii_whitespace().enumerate() {
        if n > 0 {
            text.push(' ');
        }
        text.push_str(word);
    }
}

/// Percent-decodes; what is no escape stays as it is.
fn decode(raw: &str) -> Vec<u8> {
    let bytes = raw.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%').then(|| raw.get(at + 1..at + 3)).flatten();
        let byte = escape.filter(|e| e.bytes().all(|b| b.is_ascii_hexdigit()));
        match byte.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    decoded
}

/// Percent-encodes everything but unreserved characters (RFC 3986 §2.3).
pub(super) fn encode(bytes: &[u8], keep_slash: bool) -> String {
    let mut encoded = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(*byte)),
            b'/' if keep_slash => encoded.push('/'),
            // Writing into a String cannot fail.
            byte => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let cases = [
            ("", "/", "/"),
            ("/", "/", "/"),
            ("/a/./b/../c", "/a/c", "/a/./b/../c"),
            ("//a//b//", "/a/b/", "//a//b//"),
            ("/../..", "/", "/../.."),
            ("/a%20b", "/a%2520b", "/a%20b"),
            ("/a b:c", "/a%20b%3Ac", "/a%20b%3Ac"),
            ("/%e4%ff", "/%25e4%25ff", "/%E4%FF"),
            ("/%2F%2f", "/%252F%252f", "/%2F%2F"),
            ("/100%", "/100%25", "/100%25"),
            ("/%zz", "/%25zz", "/%25zz"),
            ("/é", "/%C3%A9", "/%C3%A9"),
        ];
        for (raw, twice, once) in cases {
            assert_eq!(path(raw, Encoding::Twice), twice, "{raw} twice");
            assert_eq!(path(raw, Encoding::Once), once, "{raw} once");
        }
    }

    #[test]
    fn queries() {
        let cases = [
            ("", ""),
            ("b=2&a=1", "a=1&b=2"),
            ("a=2&a=1", "a=1&a=2"),
            ("a", "a="),
            ("&&a=1&", "a=1"),
            ("A=1&a=1&B=1", "A=1&B=1&a=1"),
            ("a=x%2fy", "a=x%2Fy"),
            ("a=b=c", "a=b%3Dc"),
            ("ab=1&a%2Db=1&a=1", "a=1&a-b=1&ab=1"),
            ("a=1&X-Amz-Signature=00", "a=1"),
        ];
        for (raw, expect) in cases {
            assert_eq!(query(raw, Some("X-Amz-Signature")), expect, "{raw}");
        }
    }

    #[test]
    fn headers() {
        let mut map = HeaderMap::new();
        map.append("my-header", "  a   b  ".parse().unwrap());
        map.append("my-header", "c".parse().unwrap());
        map.append("my-header", "d e".parse().unwrap());
        map.append("my-header", "f\tg ".parse().unwrap());
        let header = |name| {
            let mut text = String::new();
            push_header(&mut text, &map, name);
            text
        };
        assert_eq!(header("my-header"), "a b,c,d e,f g");
        assert_eq!(header("absent"), "");
    }
}
