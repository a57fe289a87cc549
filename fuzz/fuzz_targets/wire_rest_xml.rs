//! Bodies of rest-xml.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tidegate_fuzz::handle;
use tidegate_model::Protocol;

fuzz_target!(|body: &[u8]| {
    handle("s3", "PutBucketLifecycleConfiguration", Protocol::RestXml, body);
    handle("s3", "DeleteObjects", Protocol::RestXml, body);
});
