//! The event of an invocation must be JSON.

use crate::Error;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::de::IgnoredAny;

/// Refuses what is no JSON, in words close to those of AWS' parser.
pub(crate) fn check_json(payload: &[u8]) -> Result<(), Error> {
    match serde_json::from_slice::<IgnoredAny>(payload) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::PayloadNotJson(complaint(payload, &error))),
    }
}

fn complaint(payload: &[u8], error: &serde_json::Error) -> String {
    let place = format!("line: {}, column: {}", error.line(), error.column().max(1));
    if error.is_eof() {
        return format!("Unexpected end-of-input at [{place}]");
    }
    let start = payload.trim_ascii_start();
    let word: Vec<u8> = start.iter().copied().take_while(u8::is_ascii_alphanumeric).take(64).collect();
    match String::from_utf8(word) {
        Ok(word) if word.starts_with(|c: char| c.is_ascii_alphabetic()) => format!(
            "Unrecognized token '{word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false') at [{place}]"
        ),
        _ => format!("Unexpected character at [{place}]"),
    }
}

/// The JSON text of a client context, which comes as base64 of at most 3,583 bytes.
pub(crate) fn client_context(base64: &str) -> Result<String, Error> {
    let bytes = STANDARD.decode(base64).map_err(|_| Error::ClientContext)?;
    let text = String::from_utf8(bytes).map_err(|_| Error::ClientContext)?;
    match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text) {
        Ok(_) => Ok(text),
        Err(_) => Err(Error::ClientContext),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_any_json() {
        for payload in ["{}", "null", "1", "\"x\"", "[1, {\"a\": true}]", " {\"a\": 1.5e3} "] {
            assert!(check_json(payload.as_bytes()).is_ok(), "{payload}");
        }
    }

    #[test]
    fn names_what_is_wrong() {
        let start = "Could not parse request body into json: Could not parse payload into json: ";
        let cases = [
            ("hello", "Unrecognized token 'hello': was expecting"),
            ("{\"a\": ", "Unexpected end-of-input"),
            ("{\"a\": }", "Unexpected character"),
            ("{'a': 1}", "Unexpected character"),
            ("{} {}", "Unexpected character"),
            ("\u{fffd}", "Unexpected character"),
        ];
        for (payload, expected) in cases {
            let message = check_json(payload.as_bytes()).expect_err(payload).to_string();
            assert!(message.starts_with(&format!("{start}{expected}")), "{message}");
        }
        assert!(check_json(&b"[".repeat(100_000)).is_err());
    }

    #[test]
    fn reads_client_contexts() {
        assert_eq!(client_context(&STANDARD.encode("{\"custom\":{}}")).ok().as_deref(), Some("{\"custom\":{}}"));
        for text in ["?", "", &STANDARD.encode("[]"), &STANDARD.encode([0xff])] {
            assert!(client_context(text).is_err(), "{text}");
        }
    }
}
