//! A filter pattern in the first line, a log event's message behind it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tidegate_logs::pattern::Pattern;

fuzz_target!(|text: &str| {
    let (pattern, message) = text.split_once('\n').unwrap_or((text, ""));
    if let Ok(parsed) = Pattern::parse(pattern) {
        assert_eq!(parsed.matches(message), parsed.extract(message).is_some(), "{pattern}");
    }
});
