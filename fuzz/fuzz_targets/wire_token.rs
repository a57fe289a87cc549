//! Pagination tokens: what decodes comes back after encoding.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tidegate_core::Token;

fuzz_target!(|text: &str| {
    if let Ok(value) = Token::decode::<String>("scope", text) {
        assert_eq!(Token::decode("scope", &Token::encode("scope", &value)), Ok(value));
    }
});
