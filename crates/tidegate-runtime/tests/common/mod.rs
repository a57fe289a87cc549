//! A runtime with handlers written on the spot, a log that remembers, and a way to skip loudly.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tidegate_runtime::{
    Credentials, Endpoint, EnvironmentIdentity, FunctionSpec, Invocation, InvocationResult, LogEvent, LogFormat,
    LogLevel, LogOutput, Logging, Options, Runtime, RuntimeId,
};
use tidegate_types::{AccountId, Arn, Clock, Ids, RandomIds, Region, SystemClock, Timestamp};
use tokio::net::TcpStream;

/// Remembers log events by stream.
#[derive(Default)]
pub struct Log(Mutex<HashMap<String, Vec<LogEvent>>>);

impl Log {
    /// All messages of a function's streams.
    pub fn messages(&self) -> Vec<String> {
        let streams = self.0.lock().expect("no test panics with the log in hand");
        streams.values().flatten().map(|event| event.message.clone()).collect()
    }

    pub fn streams(&self) -> Vec<String> {
        self.0.lock().expect("no test panics with the log in hand").keys().cloned().collect()
    }
}

impl LogOutput for Log {
    fn lines(&self, _function: &FunctionSpec, stream: &str, events: Vec<LogEvent>) {
        self.0
            .lock()
            .expect("no test panics with the log in hand")
            .entry(stream.to_owned())
            .or_default()
            .extend(events);
    }
}

/// Answers each connection with one line about who it is.
pub struct Echo;

impl Endpoint for Echo {
    fn serve(&self, from: &EnvironmentIdentity, connection: TcpStream) {
        let body = format!("{}:{}:{}", from.account, from.function, from.version);
        tokio::spawn(async move {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            let mut connection = connection;
            let mut request = [0u8; 4096];
            let _ = connection.read(&mut request).await;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            let _ = connection.write_all((head + &body).as_bytes()).await;
        });
    }
}

/// A runtime and the folders it works in.
pub struct World {
    pub runtime: Runtime,
    pub log: Arc<Log>,
    dir: TempDir,
}

impl World {
    pub fn new() -> World {
        World::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Options)) -> World {
        let dir = TempDir::new().expect("a temporary folder");
        let log = Arc::new(Log::default());
        let (scratch_dir, cache_dir) = (dir.path().join("scratch"), dir.path().join("cache"));
        let mut options = Options::new(scratch_dir, cache_dir, Arc::new(Echo), log.clone());
        options.install_sdk = false;
        options.prepare = false;
        change(&mut options);
        World { runtime: Runtime::new(options).expect("folders can be made"), log, dir }
    }

    /// Makes the folder of everything unreachable for other users.
    pub fn close_to_others(&self) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(self.dir.path(), std::fs::Permissions::from_mode(0o700)).expect("it is ours");
    }

    /// A function of these files.
    pub fn function(&self, runtime: RuntimeId, handler: &str, files: &[(&str, &str)]) -> FunctionSpec {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("f{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let code_dir = self.dir.path().join("code").join(&name);
        write_tree(&code_dir, files);
        let (account, region) = (AccountId::local(), Region::us_east_1());
        FunctionSpec {
            arn: Arn::new("lambda", &region, &account, format_args!("function:{name}")),
            account,
            region,
            version: "$LATEST".into(),
            runtime,
            handler: handler.into(),
            code_dir,
            layer_dirs: Vec::new(),
            variables: BTreeMap::new(),
            memory_mb: 256,
            timeout_ms: 5000,
            ephemeral_mb: 512,
            logging: Logging {
                format: LogFormat::Text,
                application_level: LogLevel::Info,
                system_level: LogLevel::Info,
                group: format!("/aws/lambda/{name}"),
            },
            name,
            credentials: Arc::new(|| Box::pin(async { Ok(credentials("ASIATEST")) })),
            revision: "1".into(),
            max_concurrency: 100,
        }
    }

    /// A layer of these files.
    pub fn layer(&self, name: &str, files: &[(&str, &str)]) -> std::path::PathBuf {
        let dir = self.dir.path().join("layers").join(name);
        write_tree(&dir, files);
        dir
    }

    pub async fn invoke(&self, function: &Arc<FunctionSpec>, event: &str) -> InvocationResult {
        self.runtime.invoke(function, invocation(function, event)).await.expect("the function could be run")
    }
}

pub fn invocation(function: &FunctionSpec, event: &str) -> Invocation {
    Invocation {
        request_id: RandomIds.uuid(),
        payload: event.to_owned().into(),
        invoked_function_arn: function.arn.to_string(),
        tail: true,
        ..Invocation::default()
    }
}

pub fn credentials(key: &str) -> Credentials {
    Credentials {
        access_key_id: key.into(),
        secret_access_key: "secret".into(),
        session_token: "token".into(),
        expiration: Timestamp::from_ms(SystemClock.now_ms() + 3_600_000),
    }
}

fn write_tree(root: &Path, files: &[(&str, &str)]) {
    std::fs::create_dir_all(root).expect("a folder can be made");
    for (path, text) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("it is below the root")).expect("a folder can be made");
        std::fs::write(path, text).expect("a file can be written");
    }
}

pub fn text(result: &InvocationResult) -> String {
    String::from_utf8(result.payload.to_vec()).expect("payloads are text")
}

pub fn json(result: &InvocationResult) -> serde_json::Value {
    serde_json::from_slice(&result.payload).expect("payloads are JSON")
}

pub fn tail(result: &InvocationResult) -> String {
    String::from_utf8(result.log_tail.clone().expect("the tail was asked for")).expect("logs are text")
}

/// The runtimes of a family that this machine really has; says loudly what is missing.
pub async fn available(world: &World, wanted: &[RuntimeId]) -> Vec<RuntimeId> {
    let mut found = Vec::new();
    for runtime in wanted {
        match world.runtime.interpreter(*runtime).await {
            Ok(interpreter) if interpreter.is_exact_for(*runtime) => found.push(*runtime),
            _ => eprintln!("SKIPPED: no interpreter for {runtime} on this machine"),
        }
    }
    found
}

/// Node of whatever version, or nothing, loudly.
pub async fn any_node(world: &World) -> Option<RuntimeId> {
    any(world, RuntimeId::Node(20)).await
}

/// Python of whatever version, or nothing, loudly.
pub async fn any_python(world: &World) -> Option<RuntimeId> {
    any(world, RuntimeId::Python(13)).await
}

async fn any(world: &World, runtime: RuntimeId) -> Option<RuntimeId> {
    let found = world.runtime.interpreter(runtime).await.ok();
    if found.is_none() {
        eprintln!("SKIPPED: no interpreter of {runtime}'s family on this machine");
    }
    found.map(|_| runtime)
}
