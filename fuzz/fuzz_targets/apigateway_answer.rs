//! What a function returned.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|payload: &[u8]| {
    let [format_1, format_2] = tidegate_apigateway::fuzz::answer(payload);
    if let Some(status) = format_1 {
        assert_eq!(format_2, Some(status), "format 2.0 takes what format 1.0 takes");
    }
});
