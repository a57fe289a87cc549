//! Prints how long cold and warm invocations take on this machine, beside the interpreter's own start.
//!
//! `cargo run --release -p tidegate-runtime --example latency [CACHE_DIR]`; with a cache folder SDKs are installed there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tidegate_runtime::{
    Credentials, Endpoint, EnvironmentIdentity, FunctionSpec, Invocation, LogEvent, LogFormat, LogLevel, LogOutput,
    Logging, Options, Runtime, RuntimeId,
};
use tidegate_types::{AccountId, Arn, Ids, RandomIds, Region, Timestamp};

struct Nowhere;

impl LogOutput for Nowhere {
    fn lines(&self, _function: &FunctionSpec, _stream: &str, events: Vec<LogEvent>) {
        for event in events.iter().filter(|event| event.message.starts_with("[tidegate]")) {
            eprint!("{}", event.message);
        }
    }
}

impl Endpoint for Nowhere {
    fn serve(&self, _from: &EnvironmentIdentity, _connection: tokio::net::TcpStream) {}
}

const NODE_HELLO: &str = "exports.handler = async () => ({ statusCode: 200, body: 'hello' })";
const NODE_SDK: &str = "const { DynamoDBClient } = require('@aws-sdk/client-dynamodb'); const client = new DynamoDBClient({});\
                        exports.handler = async () => 'hello'";
const PYTHON_HELLO: &str = "def handler(e, c): return {'statusCode': 200, 'body': 'hello'}";
const PYTHON_SDK: &str = "import boto3\nclient = boto3.resource('dynamodb')\ndef handler(e, c): return 'hello'";

#[tokio::main]
async fn main() {
    let dir = std::env::temp_dir().join(format!("tidegate-latency-{}", std::process::id()));
    let cache = std::env::args().nth(1).map(PathBuf::from);
    for prepare in [false, true] {
        for (runtime, hello, sdk) in
            [(RuntimeId::Node(20), NODE_HELLO, NODE_SDK), (RuntimeId::Python(13), PYTHON_HELLO, PYTHON_SDK)]
        {
            let handle = Runtime::new(options(&dir, cache.clone(), prepare)).expect("folders can be made");
            if !prepare {
                reference(&handle, runtime).await;
            }
            let label = if prepare { "prepared" } else { "fresh" };
            cold(&handle, runtime, &dir, hello, &format!("{runtime} cold, {label}, hello"), prepare).await;
            if cache.is_some() {
                cold(&handle, runtime, &dir, sdk, &format!("{runtime} cold, {label}, DynamoDB client"), prepare).await;
            }
            if !prepare {
                warm(&handle, runtime, &dir, hello).await;
                crowd(&handle, runtime, &dir, hello).await;
            }
            handle.shutdown(tokio::time::Instant::now() + Duration::from_secs(5)).await;
        }
    }
    let _ = std::fs::remove_dir_all(dir);
}

fn options(dir: &Path, cache: Option<PathBuf>, prepare: bool) -> Options {
    let cache_dir = cache.clone().unwrap_or_else(|| dir.join("cache"));
    let mut options = Options::new(dir.join("scratch"), cache_dir, Arc::new(Nowhere), Arc::new(Nowhere));
    (options.install_sdk, options.prepare) = (cache.is_some(), prepare);
    options
}

fn function(dir: &Path, runtime: RuntimeId, source: &str) -> Arc<FunctionSpec> {
    let name = RandomIds.hex(4);
    let code_dir = dir.join(&name);
    std::fs::create_dir_all(&code_dir).expect("a folder can be made");
    for file in ["index.js", "index.py"] {
        std::fs::write(code_dir.join(file), source).expect("a file can be written");
    }
    let (account, region) = (AccountId::local(), Region::us_east_1());
    Arc::new(FunctionSpec {
        arn: Arn::new("lambda", &region, &account, format_args!("function:{name}")),
        account,
        region,
        version: "$LATEST".into(),
        runtime,
        handler: "index.handler".into(),
        code_dir,
        layer_dirs: Vec::new(),
        variables: BTreeMap::new(),
        memory_mb: 256,
        timeout_ms: 30_000,
        ephemeral_mb: 512,
        logging: Logging {
            format: LogFormat::Text,
            application_level: LogLevel::Info,
            system_level: LogLevel::Info,
            group: format!("/aws/lambda/{name}"),
        },
        name,
        credentials: Arc::new(|| Box::pin(async { Ok(credentials()) })),
        revision: "1".into(),
        max_concurrency: 100,
    })
}

fn credentials() -> Credentials {
    Credentials {
        access_key_id: "ASIA".into(),
        secret_access_key: "s".into(),
        session_token: "t".into(),
        expiration: Timestamp::from_ms(u64::MAX),
    }
}

async fn invoke(handle: &Runtime, function: &Arc<FunctionSpec>) -> Duration {
    let invocation = Invocation {
        request_id: RandomIds.uuid(),
        payload: "{\"a\":1}".into(),
        invoked_function_arn: function.arn.to_string(),
        ..Invocation::default()
    };
    let started = Instant::now();
    let result = handle.invoke(function, invocation).await.expect("it runs");
    assert!(result.function_error.is_none(), "{:?}", result.payload);
    started.elapsed()
}

async fn cold(handle: &Runtime, runtime: RuntimeId, dir: &Path, source: &str, label: &str, prepare: bool) {
    // The first one looks for the interpreter and may install the SDK.
    invoke(handle, &function(dir, runtime, source)).await;
    let mut times = Vec::new();
    for _ in 0..11 {
        while prepare && handle.prepared(runtime) < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let function = function(dir, runtime, source);
        times.push(invoke(handle, &function).await);
        handle.retire(&function.arn, None);
    }
    print(label, times);
}

async fn warm(handle: &Runtime, runtime: RuntimeId, dir: &Path, source: &str) {
    let function = function(dir, runtime, source);
    let mut times = Vec::new();
    for n in 0..5000 {
        let time = invoke(handle, &function).await;
        if n >= 1000 {
            times.push(time);
        }
    }
    print(&format!("{runtime} warm, hello"), times);
    let mut times = Vec::new();
    for _ in 0..50 {
        // Long enough to be frozen.
        tokio::time::sleep(Duration::from_millis(40)).await;
        times.push(invoke(handle, &function).await);
    }
    print(&format!("{runtime} warm, after a pause"), times);
}

/// Many clients at the same time: invocations in a second.
async fn crowd(handle: &Runtime, runtime: RuntimeId, dir: &Path, source: &str) {
    let function = function(dir, runtime, source);
    let until = Instant::now() + Duration::from_secs(4);
    let clients = (0..16).map(|_| {
        let (handle, function) = (handle.clone(), function.clone());
        tokio::spawn(async move {
            let mut count = 0u32;
            while Instant::now() < until {
                invoke(&handle, &function).await;
                // The first half is for scaling out.
                count += u32::from(until.saturating_duration_since(Instant::now()) < Duration::from_secs(2));
            }
            count
        })
    });
    let mut total = 0;
    for client in clients.collect::<Vec<_>>() {
        total += client.await.expect("clients do not panic");
    }
    println!(
        "{:50} {:>10}/s in {} environments",
        format!("{runtime} warm, 16 clients"),
        total / 2,
        handle.environments()
    );
}

/// The interpreter's own start, alone and with a DynamoDB client.
async fn reference(handle: &Runtime, runtime: RuntimeId) {
    let interpreter = handle.interpreter(runtime).await.expect("it is on this machine");
    let program = interpreter.prefix.join(&interpreter.program);
    let code = match runtime {
        RuntimeId::Node(_) => ["-e", "0"],
        RuntimeId::Python(_) => ["-c", "0"],
    };
    let times = (0..11).map(|_| {
        let started = Instant::now();
        let _ = Command::new(&program).args(code).status();
        started.elapsed()
    });
    print(&format!("{runtime}: interpreter alone"), times.collect());
}

fn print(label: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    println!("{label:50} median {:>10.3?}  p90 {:>10.3?}", at(0.5), at(0.9));
}
