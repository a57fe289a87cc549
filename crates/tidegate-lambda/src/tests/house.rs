//! The service with stand-ins around it.

use crate::{Execute, FunctionLogs, Lambda, Parts};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::Write;
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tidegate_core::ports::{AssumeRole, AssumeRoleError, LogBatch, LogSink, RoleSession, SessionCredentials};
use tidegate_core::testing::{Bench, Client};
use tidegate_core::{BoxFuture, Principal, PrincipalKind};
use tidegate_runtime::{
    Error, FunctionError, FunctionSpec, Invocation, InvocationResult, LogEvent, LogOutput, Metrics, RuntimeId,
};
use tidegate_store::{Options, Store};
use tidegate_types::{AccountId, Arn, Region, Timestamp};

/// The role that Lambda may assume.
pub const ROLE: &str = "arn:aws:iam::000000000000:role/service-role/r";

/// What the next invocation gives.
pub enum Script {
    Answer(&'static str),
    Error(&'static str),
    Refuse(fn() -> Error),
}

/// Does as told, and remembers what it was asked.
#[derive(Default)]
pub struct Executor {
    pub script: Mutex<VecDeque<Script>>,
    pub asked: Mutex<Vec<(Arc<FunctionSpec>, Invocation)>>,
    pub retired: Mutex<Vec<(String, Option<String>)>>,
    pub prepared: Mutex<Vec<RuntimeId>>,
}

impl Execute for Executor {
    fn invoke<'a>(
        &'a self,
        function: &'a Arc<FunctionSpec>,
        invocation: Invocation,
    ) -> BoxFuture<'a, Result<InvocationResult, Error>> {
        let next = self.script.lock().expect("a lock").pop_front();
        let echo = invocation.payload.clone();
        let log_tail = invocation.tail.then(|| b"the tail".to_vec());
        self.asked.lock().expect("a lock").push((function.clone(), invocation));
        let result = |payload: Bytes, function_error| InvocationResult {
            payload,
            function_error,
            log_tail,
            metrics: Metrics::default(),
            warnings: Vec::new(),
        };
        let answer = match next {
            None => Ok(result(echo, None)),
            Some(Script::Answer(text)) => Ok(result(Bytes::from(text), None)),
            Some(Script::Error(text)) => Ok(result(Bytes::from(text), Some(FunctionError::Unhandled))),
            Some(Script::Refuse(error)) => Err(error()),
        };
        Box::pin(std::future::ready(answer))
    }

    fn prepare(&self, runtime: RuntimeId, _memory_mb: u32) {
        self.prepared.lock().expect("a lock").push(runtime);
    }

    fn retire(&self, function: &Arn, version: Option<&str>) {
        self.retired.lock().expect("a lock").push((function.to_string(), version.map(str::to_owned)));
    }
}

/// Lambda may assume `ROLE` and nothing else.
struct Roles;

impl AssumeRole for Roles {
    fn assume_role(&self, session: &RoleSession) -> Result<SessionCredentials, AssumeRoleError> {
        self.can_assume(session)?;
        let kind = PrincipalKind::AssumedRole {
            role_path_and_name: "/service-role/r".into(),
            role_id: "AROA".into(),
            session_name: session.session_name.clone(),
        };
        Ok(SessionCredentials {
            access_key_id: "ASIA".into(),
            secret_access_key: "secret".into(),
            session_token: "token".into(),
            expiration: Timestamp::from_ms(1_795_253_400_000 + u64::from(session.duration_s) * 1000),
            principal: Arc::new(Principal::of(session.source_account.clone(), kind)),
        })
    }

    fn can_assume(&self, session: &RoleSession) -> Result<(), AssumeRoleError> {
        match session.role_arn.as_str() {
            ROLE if session.service == "lambda.amazonaws.com" => Ok(()),
            ROLE => Err(AssumeRoleError::NotTrusted),
            _ => Err(AssumeRoleError::NoSuchRole),
        }
    }
}

/// Remembers batches.
#[derive(Default)]
pub struct Sink(pub Mutex<Vec<LogBatch>>);

impl LogSink for Sink {
    fn append(&self, batch: LogBatch) {
        self.0.lock().expect("a lock").push(batch);
    }

    fn group_exists(&self, _: &AccountId, _: &Region, _: &str) -> bool {
        true
    }
}

/// The service, and a client of it.
pub struct House {
    pub bench: Bench,
    pub lambda: Arc<Lambda>,
    pub executor: Arc<Executor>,
    pub sink: Arc<Sink>,
    pub logs: Arc<FunctionLogs>,
    pub dir: TempDir,
    store: Store,
    /// Where the store is, if it is on disk.
    data: Option<TempDir>,
    client: Client,
}

/// The service's operations are called on the house itself.
impl Deref for House {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl House {
    pub fn empty() -> House {
        House::over(Bench::new(), Store::memory(), None)
    }

    /// Without functions, over a store on disk.
    pub fn on_disk() -> House {
        let data = TempDir::new().expect("a temporary folder");
        let store = Store::open(data.path().join("store"), Options::default()).expect("a store");
        House::over(Bench::new(), store, Some(data))
    }

    /// With a function `f` that echoes.
    pub async fn new() -> House {
        let house = House::empty();
        house.create("f").await;
        house
    }

    fn over(bench: Bench, store: Store, data: Option<TempDir>) -> House {
        let (executor, sink) = (Arc::new(Executor::default()), Arc::new(Sink::default()));
        let environment = bench.cx.environment.clone();
        let logs = Arc::new(FunctionLogs::new(environment.clone(), Arc::new(Roles), sink.clone()));
        // A fresh folder each time: what is in it comes from the store again.
        let dir = TempDir::new().expect("a temporary folder");
        let parts = Parts {
            store: store.clone(),
            environment,
            executor: executor.clone(),
            logs: logs.clone(),
            code_dir: dir.path().join("code"),
            code_url: "http://localhost:4566/_code".into(),
        };
        let lambda = Arc::new(Lambda::new(parts).expect("a service"));
        let client = Client::new(&lambda, &bench.cx);
        House { bench, lambda, executor, sink, logs, dir, store, data, client }
    }

    /// The same after a restart: only what is in the store is left.
    pub fn restarted(self) -> House {
        let House { bench, lambda, store, data, client, .. } = self;
        drop((lambda, client));
        let Some(data) = data else { return House::over(bench, store, None) };
        store.close().expect("the disk works");
        drop(store);
        let store = Store::open(data.path().join("store"), Options::default()).expect("a store");
        House::over(bench, store, Some(data))
    }

    pub async fn create(&self, name: &str) -> Value {
        self.ok("CreateFunction", function(name, &zip(&[("index.js", name)]))).await
    }

    pub fn script(&self, steps: impl IntoIterator<Item = Script>) {
        self.executor.script.lock().expect("a lock").extend(steps);
    }

    /// Versions and payloads of the invocations so far.
    pub fn asked(&self) -> Vec<(String, String)> {
        let asked = self.executor.asked.lock().expect("a lock");
        let text = |bytes: &Bytes| String::from_utf8_lossy(bytes).into_owned();
        asked.iter().map(|(spec, call)| (format!("{}:{}", spec.name, spec.version), text(&call.payload))).collect()
    }

    /// What the runtime does with a line of a function's log.
    pub fn log(&self, stream: &str, message: &str) {
        let asked = self.executor.asked.lock().expect("a lock");
        let (spec, _) = asked.last().expect("an invocation");
        let event = LogEvent { timestamp_ms: 1, message: message.to_owned() };
        self.logs.lines(spec, stream, vec![event]);
    }
}

/// The input of `CreateFunction`.
pub fn function(name: &str, zip: &str) -> Value {
    json!({
        "FunctionName": name, "Runtime": "nodejs20.x", "Handler": "index.handler", "Role": ROLE,
        "Code": { "ZipFile": zip },
    })
}

/// A zip archive of these files, as base64.
pub fn zip(files: &[(&str, &str)]) -> String {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in files {
        writer.start_file(*name, options).expect("a file");
        writer.write_all(text.as_bytes()).expect("its text");
    }
    STANDARD.encode(writer.finish().expect("an archive").into_inner())
}
