//! Bodies of Smithy's RPC v2.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tidegate_fuzz::handle;
use tidegate_model::Protocol;

fuzz_target!(|body: &[u8]| {
    handle("cloudwatch", "PutMetricData", Protocol::Cbor, body);
});
