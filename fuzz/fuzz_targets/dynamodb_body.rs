//! Bodies of item operations, which DynamoDB reads without the wire layer's help.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use std::sync::Arc;
use tidegate_core::{Registry, testing::Bench};
use tidegate_dynamodb::DynamoDb;
use tidegate_store::Store;
use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Builder::new_current_thread().build().expect("a runtime needs no input"));

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry::default();
    registry.add(&Arc::new(DynamoDb::new(Store::memory())));
    registry
});

fuzz_target!(|body: &[u8]| {
    let body = body.to_vec().into();
    for (_, operations) in REGISTRY.services() {
        for operation in operations.values() {
            if let Some(answer) = operation.direct(&Bench::new().cx, &body) {
                let _ = RUNTIME.block_on(answer);
            }
        }
    }
});
