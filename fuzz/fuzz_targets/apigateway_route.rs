//! Method and path, one per line, then route keys.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut lines = text.splitn(3, '\n');
    let mut next = || lines.next().unwrap_or_default();
    let (method, path, keys) = (next(), next(), next());
    if let Some(key) = tidegate_apigateway::fuzz::route(keys, method, path) {
        assert!(key == "$default" || key.starts_with(method) || key.starts_with("ANY "), "{key}");
    }
});
