//! One program for all targets: `TIDEGATE_FUZZ` names the one to run; without it, the program lists them all.
#![no_main]

mod apigateway;
mod dynamodb;
mod lambda;
mod logs;
mod operations;
mod policy;
mod project;
mod runtime;
mod sandbox;
mod server;
mod sigv4;
mod store;
mod types;
mod wire;

use cap::Cap;
use libfuzzer_sys::fuzz_target;
use rustix::time::{ClockId, clock_gettime};
use std::alloc::System;
use std::sync::LazyLock;
use std::time::Duration;

/// What is done with an input.
enum Target {
    Bytes(fn(&[u8])),
    Text(fn(&str)),
}

use Target::{Bytes, Text};

/// All targets by name, which begins with the name of the crate that has the parser.
const TARGETS: &[(&str, Target)] = &[
    ("apigateway_answer", Bytes(apigateway::answer)),
    ("apigateway_authorizer", Text(apigateway::authorizer)),
    ("apigateway_mapping", Text(apigateway::mapping)),
    ("apigateway_operation", Text(operations::apigateway)),
    ("apigateway_request", Text(apigateway::request)),
    ("apigateway_route", Text(apigateway::route)),
    ("core_token", Text(wire::token)),
    ("dynamodb_condition", Text(dynamodb::condition)),
    ("dynamodb_item", Bytes(dynamodb::item)),
    ("dynamodb_key_condition", Text(dynamodb::key_condition)),
    ("dynamodb_number", Text(dynamodb::number)),
    ("dynamodb_operation", Text(operations::dynamodb)),
    ("dynamodb_projection", Text(dynamodb::projection)),
    ("dynamodb_stored", Bytes(dynamodb::stored_item)),
    ("dynamodb_update", Text(dynamodb::update)),
    ("iam_operation", Text(operations::iam)),
    ("lambda_function_name", Text(lambda::function_name)),
    ("logs_operation", Text(operations::logs)),
    ("logs_pattern", Text(logs::pattern)),
    ("policy_condition", Text(policy::condition)),
    ("policy_document", Text(policy::document)),
    ("policy_trust", Text(policy::trust)),
    ("project_file", Text(project::file)),
    ("runtime_frames", Bytes(runtime::frames)),
    ("runtime_log_lines", Bytes(runtime::log_lines)),
    ("runtime_name", Bytes(runtime::name)),
    ("sandbox_archive", Bytes(sandbox::archive)),
    ("sandbox_archive_entries", Bytes(sandbox::archive_entries)),
    ("sandbox_message", Bytes(sandbox::message)),
    ("server_connection", Bytes(server::connection)),
    ("server_host", Text(server::named)),
    ("store_log", Bytes(store::log)),
    ("store_manifest", Text(store::manifest)),
    ("store_run", Bytes(store::run)),
    ("types_names", Text(types::names)),
    ("types_times", Text(types::times)),
    ("wire_cbor", Bytes(wire::cbor)),
    ("wire_json", Bytes(wire::json)),
    ("wire_query", Bytes(wire::query)),
    ("wire_rest_json", Bytes(wire::rest_json)),
    ("wire_rest_xml", Bytes(wire::rest_xml)),
    ("wire_route", Text(wire::route)),
    ("wire_sigv4_chunks", Bytes(sigv4::chunks)),
    ("wire_sigv4_claim", Text(sigv4::claim)),
    ("wire_sigv4_presigned", Text(sigv4::presigned)),
];

/// What a target may keep, and take for an input, in bytes.
const HEAP_BYTES_MAX: usize = 64 << 20;

/// An input that takes so long hangs.
const HANG: Duration = Duration::from_secs(1);

#[global_allocator]
static HEAP: Cap<System> = Cap::new(System, usize::MAX);

static TARGET: LazyLock<&Target> = LazyLock::new(chosen);

fuzz_target!(
    init: {
        LazyLock::force(&TARGET);
        HEAP.set_limit(HEAP_BYTES_MAX).expect("little is taken before the first input");
    },
    |bytes: &[u8]| {
        let began = cpu_time();
        match *TARGET {
            Bytes(run) => run(bytes),
            Text(run) => std::str::from_utf8(bytes).map_or((), run),
        }
        let took = cpu_time() - began;
        assert!(took < HANG, "the input took {took:?}");
    }
);

/// What the process has used: a busy machine may keep it waiting for longer than any parser takes.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

fn chosen() -> &'static Target {
    let name = std::env::var("TIDEGATE_FUZZ").unwrap_or_default();
    let found = TARGETS.iter().find(|(known, _)| *known == name);
    found.map(|(_, target)| target).unwrap_or_else(|| {
        TARGETS.iter().for_each(|(known, _)| println!("{known}"));
        std::process::exit(i32::from(!name.is_empty()));
    })
}

/// The lines of a text; the last one holds all that follows, and those that are missing are empty.
fn lines<const N: usize>(text: &str) -> [&str; N] {
    let mut lines = text.splitn(N, '\n');
    std::array::from_fn(|_| lines.next().unwrap_or_default())
}
