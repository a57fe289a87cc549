//! Bodies of rest-json.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tidegate_fuzz::handle;
use tidegate_model::Protocol;

fuzz_target!(|body: &[u8]| {
    handle("lambda", "CreateFunction", Protocol::RestJson, body);
    handle("apigatewayv2", "CreateIntegration", Protocol::RestJson, body);
});
