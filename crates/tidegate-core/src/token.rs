//! Pagination tokens: opaque to clients, and refused when they have been altered.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

/// Characters of a token.
const TOKEN_CHARS_MAX: usize = 16 << 10;

/// Where a listing goes on, as text for clients. The checksum guards against mistakes, not against forgery: what a
/// token says must not decide what its bearer may see.
#[derive(Debug, Clone, Copy)]
pub struct Token;

/// A token that is not one of ours; a service's error says it in AWS' words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidToken;

impl Token {
    /// Packs a place that JSON can hold. `scope` says what the token is for (`lambda.ListFunctions`); another scope
    /// refuses it.
    pub fn encode(scope: &str, place: &impl Serialize) -> String {
        // What JSON cannot hold becomes a token that nothing takes.
        let json = serde_json::to_vec(place).unwrap_or_default();
        let mut bytes = checksum(scope, &json).to_be_bytes().to_vec();
        bytes.extend_from_slice(&json);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Unpacks what [`Token::encode`] packed under the same scope.
    ///
    /// # Errors
    /// For every other text.
    pub fn decode<P: DeserializeOwned>(scope: &str, token: &str) -> Result<P, InvalidToken> {
        let short = (token.len() <= TOKEN_CHARS_MAX).then_some(token).ok_or(InvalidToken)?;
        let bytes = URL_SAFE_NO_PAD.decode(short).map_err(|_| InvalidToken)?;
        let (sum, json) = bytes.split_first_chunk::<4>().ok_or(InvalidToken)?;
        if u32::from_be_bytes(*sum) != checksum(scope, json) {
            return Err(InvalidToken);
        }
        serde_json::from_slice(json).map_err(|_| InvalidToken)
    }
}

fn checksum(scope: &str, json: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(scope.as_bytes());
    hasher.update(&[0]);
    hasher.update(json);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn unpacks_what_it_packed() {
        for value in [json!(null), json!("name"), json!({"pk": {"S": "a"}, "n": 1.5}), json!([1, "ü"])] {
            let token = Token::encode("a.List", &value);
            assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{token}");
            assert_eq!(Token::decode("a.List", &token), Ok(value));
        }
    }

    #[test]
    fn refuses_what_was_altered() {
        let token = Token::encode("a.List", &"name");
        let mut other = token.clone().into_bytes();
        other[7] ^= 1;
        let other = String::from_utf8(other).expect("ASCII stays ASCII");
        let long = "A".repeat(TOKEN_CHARS_MAX + 4);
        for bad in ["", "AAAA", "x y", &token[1..], &token[..token.len() - 2], &other, &long] {
            assert_eq!(Token::decode::<Value>("a.List", bad), Err(InvalidToken), "{bad}");
        }
        assert_eq!(Token::decode::<String>("b.List", &token), Err(InvalidToken));
        assert_eq!(Token::decode::<u64>("a.List", &token), Err(InvalidToken));
    }

    proptest! {
        #[test]
        fn any_text_is_refused(text in ".{0,60}") {
            prop_assert!(Token::decode::<Value>("a.List", &text).is_err());
        }
    }
}
