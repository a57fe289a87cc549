//! The SDKs that runtimes bring along. They are looked for in `TIDEGATE_TEST_CACHE`, where `tidegate runtimes install`
//! puts them; without that these tests say loudly that they were skipped.

mod common;

use common::{World, any_node, any_python, text};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tidegate_runtime::RuntimeId;

fn world(isolated: bool, prepare: bool) -> Option<World> {
    let Some(cache) = std::env::var_os("TIDEGATE_TEST_CACHE") else {
        eprintln!("SKIPPED: TIDEGATE_TEST_CACHE names no folder with SDKs");
        return None;
    };
    Some(World::with(|options| {
        options.cache_dir = cache.into();
        options.install_sdk = true;
        options.prepare = prepare;
        if !isolated {
            options.sandbox.without = tidegate_sandbox::Layer::ALL.to_vec();
        }
    }))
}

const COMMONJS: &str = "const { DynamoDBClient } = require('@aws-sdk/client-dynamodb'); \
    const { DynamoDBDocumentClient } = require('@aws-sdk/lib-dynamodb'); \
    exports.handler = async () => DynamoDBDocumentClient.from(new DynamoDBClient({})).constructor.name";
const MODULE: &str = "import { DynamoDBClient } from '@aws-sdk/client-dynamodb'; \
    import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'; \
    export const handler = async () => DynamoDBDocumentClient.from(new DynamoDBClient({})).constructor.name";
const PYTHON: &str = "import boto3\ntable = boto3.resource('dynamodb').Table('t')\ndef handler(e, c): return table.name + boto3.client('s3').meta.region_name";

#[tokio::test(flavor = "multi_thread")]
async fn functions_find_the_sdk_without_bringing_it() {
    for (isolated, prepare) in [(true, false), (true, true), (false, false), (false, true)] {
        let Some(world) = world(isolated, prepare) else { return };
        if let Some(runtime) = any_node(&world).await {
            prepared(&world, runtime, prepare).await;
            for (file, source) in [("index.js", COMMONJS), ("index.mjs", MODULE)] {
                let function = Arc::new(world.function(runtime, "index.handler", &[(file, source)]));
                let payload = text(&world.invoke(&function, "1").await);
                assert_eq!(payload, "\"DynamoDBDocumentClient\"", "{file}, isolated {isolated}, prepared {prepare}");
            }
        }
        if let Some(runtime) = any_python(&world).await.filter(|_| isolated) {
            prepared(&world, runtime, prepare).await;
            let function = Arc::new(world.function(runtime, "index.handler", &[("index.py", PYTHON)]));
            let payload = text(&world.invoke(&function, "1").await);
            assert_eq!(payload, "\"tus-east-1\"", "isolated {isolated}, prepared {prepare}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_of_the_sdk_reach_the_endpoint_with_the_roles_credentials() {
    let Some(world) = world(true, true) else { return };
    let js = "const { S3Client, ListBucketsCommand } = require('@aws-sdk/client-s3'); exports.handler = async () => { \
              const c = new S3Client({ maxAttempts: 1 }); const r = await c.config.credentials(); const e = await c.config.endpoint?.(); return [r.accessKeyId, e?.port] }";
    let py = "import boto3\ndef handler(e, c):\n    s = boto3.client('dynamodb')\n    k = boto3.DEFAULT_SESSION.get_credentials()\n    return [k.access_key, int(s.meta.endpoint_url.rsplit(':', 1)[1])]";
    for runtime in [any_node(&world).await, any_python(&world).await].into_iter().flatten() {
        prepared(&world, runtime, true).await;
        let function = Arc::new(world.function(runtime, "index.handler", &[("index.js", js), ("index.py", py)]));
        let payload = text(&world.invoke(&function, "1").await).replace(' ', "");
        assert!(payload.starts_with("[\"ASIATEST\","), "{runtime}: {payload}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn own_packages_win_over_the_runtimes() {
    let Some(world) = world(true, true) else { return };
    let own = [
        ("node_modules/@aws-sdk/client-dynamodb/index.js", "exports.mine = 'own'"),
        ("index.js", "const { mine } = require('@aws-sdk/client-dynamodb'); exports.handler = async () => mine"),
        ("boto3/__init__.py", "mine = 'own'"),
        ("index.py", "import boto3\ndef handler(e, c): return boto3.mine"),
    ];
    for runtime in [any_node(&world).await, any_python(&world).await].into_iter().flatten() {
        prepared(&world, runtime, true).await;
        let function = Arc::new(world.function(runtime, "index.handler", &own));
        assert_eq!(text(&world.invoke(&function, "1").await), "\"own\"", "{runtime}");
    }
}

async fn prepared(world: &World, runtime: RuntimeId, wanted: bool) {
    if !wanted {
        return;
    }
    world.runtime.prepare(runtime, 256);
    let until = Instant::now() + Duration::from_secs(60);
    while world.runtime.prepared(runtime) == 0 && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(world.runtime.prepared(runtime) > 0, "nothing was prepared");
}
