//! A parameter mapping: its key on the first line, its value behind it.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (key, value) = text.split_once('\n').unwrap_or((text, ""));
    let _ = tidegate_apigateway::fuzz::mapping(key, value);
});
