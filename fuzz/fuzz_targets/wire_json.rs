//! Bodies of the json protocols.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tidegate_fuzz::handle;
use tidegate_model::Protocol;

fuzz_target!(|body: &[u8]| {
    handle("dynamodb", "TransactWriteItems", Protocol::Json10, body);
    handle("logs", "PutLogEvents", Protocol::Json11, body);
});
