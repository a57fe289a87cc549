//! Forms of the query protocol.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tidegate_fuzz::handle;
use tidegate_model::Protocol;

fuzz_target!(|body: &[u8]| {
    handle("iam", "CreateRole", Protocol::Query, body);
    handle("cloudwatch", "PutMetricData", Protocol::Query, body);
});
