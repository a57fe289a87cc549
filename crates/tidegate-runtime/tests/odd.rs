//! What functions do that they should not, and machines that are not as AWS' are.

mod common;

use common::{World, any_node, json, text};
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use tidegate_runtime::RuntimeId;

/// Things to write to the channel, from within a handler that never answers otherwise.
const NOISE: [&str; 4] = [
    "Buffer.from([1, 0, 0, 0, 99])",
    "Buffer.from([0, 0, 0, 0])",
    "Buffer.from([255, 255, 255, 255, 19])",
    "Buffer.alloc(1 << 16, 7)",
];

#[tokio::test(flavor = "multi_thread")]
async fn noise_on_the_channel_harms_only_its_author() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    for noise in NOISE {
        let source = format!(
            "exports.handler = (e) => e ? 1 : new Promise(() => {{ require('fs').writeSync(4, {noise}); setTimeout(() => {{}}, 1e6) }})"
        );
        let mut function = world.function(runtime, "index.handler", &[("index.js", source.as_str())]);
        function.timeout_ms = 1000;
        let function = Arc::new(function);
        let kind = json(&world.invoke(&function, "0").await)["errorType"].clone();
        assert!(kind == "Runtime.ExitError" || kind == "Sandbox.Timedout", "{noise}: {kind}");
        let again =
            Arc::new(world.function(runtime, "index.handler", &[("index.js", "exports.handler = async () => 2")]));
        assert_eq!(text(&world.invoke(&again, "1").await), "2");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_nobody_asked_for_are_not_given_to_the_next() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    let source = "exports.handler = (e, c, cb) => { c.callbackWaitsForEmptyEventLoop = false; cb(null, e); cb(null, 'twice'); \
                  setTimeout(() => cb(null, 'late'), 1) }";
    let function = Arc::new(world.function(runtime, "index.handler", &[("index.js", source)]));
    for n in 0..20 {
        assert_eq!(text(&world.invoke(&function, &n.to_string()).await), n.to_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrappers_start_the_process() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    let source = "exports.handler = async () => process.env.FROM_WRAPPER";
    for (wrapper, expected) in [
        ("/opt/wrapper", "\"yes\""),
        ("/opt/nothing", "Error: Runtime exited with error: exit status 127"),
        ("/opt/failing", "Error: Runtime exited with error: exit status 9"),
    ] {
        let layer = world.layer(
            "wrapper",
            &[("wrapper", "#!/bin/sh\nFROM_WRAPPER=yes exec \"$@\"\n"), ("failing", "#!/bin/sh\nexit 9\n")],
        );
        for file in ["wrapper", "failing"] {
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(layer.join(file), mode).expect("it is ours");
        }
        let mut function = world.function(runtime, "index.handler", &[("index.js", source)]);
        function.variables = [("AWS_LAMBDA_EXEC_WRAPPER".to_owned(), wrapper.to_owned())].into();
        function.layer_dirs = vec![layer];
        let result = world.invoke(&Arc::new(function), "1").await;
        if result.warnings.iter().any(|warning| warning.contains("mountns")) {
            eprintln!("SKIPPED: this system does not grant a file tree of its own");
            return;
        }
        assert!(text(&result).contains(expected), "{wrapper}: {}", text(&result));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_is_never_used_in_silence() {
    let world = World::new();
    if any_node(&world).await.is_none() {
        return;
    }
    let mut missing = Vec::new();
    for runtime in RuntimeId::ALL.into_iter().filter(|id| matches!(id, RuntimeId::Node(_))) {
        let interpreter = world.runtime.interpreter(runtime).await.expect("there is one of the family");
        missing.extend((!interpreter.is_exact_for(runtime)).then_some(runtime));
    }
    let Some(runtime) = missing.pop() else {
        eprintln!("SKIPPED: this machine has every version");
        return;
    };
    let source = "exports.handler = async () => process.env.AWS_EXECUTION_ENV";
    let function = Arc::new(world.function(runtime, "index.handler", &[("index.js", source)]));
    let first = world.invoke(&function, "1").await;
    let said = format!("no interpreter for {runtime} on this machine");
    assert_eq!(text(&first), format!("\"AWS_Lambda_{runtime}\""));
    assert!(first.warnings.iter().any(|warning| warning.starts_with(&said)), "{:?}", first.warnings);
    assert!(world.log.messages().iter().any(|message| message.starts_with(&format!("[tidegate] {said}"))));
    assert!(world.invoke(&function, "1").await.warnings.is_empty(), "once is enough");
}
