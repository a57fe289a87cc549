//! Real functions in real environments: from `CreateFunction` to the answer, the log lines and the events.
//! Needs Node or Python on the machine; what is missing is skipped loudly.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::io::Write;
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tidegate_core::ports::{AssumeRole, AssumeRoleError, LogBatch, LogSink, RoleSession, SessionCredentials};
use tidegate_core::testing::{Client, DenyList};
use tidegate_core::{Context, Environment, Principal, PrincipalKind};
use tidegate_lambda::{FunctionLogs, Lambda, Parts};
use tidegate_runtime::{Endpoint, EnvironmentIdentity, Options, Runtime, RuntimeId};
use tidegate_store::Store;
use tidegate_types::{AccountId, RandomIds, Region, SystemClock, Timestamp};
use tokio::net::TcpStream;

const ROLE: &str = "arn:aws:iam::000000000000:role/r";

struct Nobody;

impl Endpoint for Nobody {
    fn serve(&self, _: &EnvironmentIdentity, _: TcpStream) {}
}

struct Roles;

impl AssumeRole for Roles {
    fn assume_role(&self, session: &RoleSession) -> Result<SessionCredentials, AssumeRoleError> {
        let kind = PrincipalKind::AssumedRole {
            role_path_and_name: "/r".into(),
            role_id: "AROA".into(),
            session_name: session.session_name.clone(),
        };
        Ok(SessionCredentials {
            access_key_id: "ASIAEXAMPLE".into(),
            secret_access_key: "secret".into(),
            session_token: "token".into(),
            expiration: Timestamp::from_ms(4_000_000_000_000),
            principal: Arc::new(Principal::of(session.source_account.clone(), kind)),
        })
    }

    fn can_assume(&self, _: &RoleSession) -> Result<(), AssumeRoleError> {
        Ok(())
    }
}

#[derive(Default)]
struct Sink(Mutex<Vec<LogBatch>>);

impl Sink {
    fn messages(&self) -> Vec<String> {
        let batches = self.0.lock().expect("a lock");
        batches.iter().flat_map(|batch| batch.events.iter().map(|event| event.message.clone())).collect()
    }

    fn streams(&self) -> Vec<String> {
        let batches = self.0.lock().expect("a lock");
        let mut streams: Vec<String> = batches.iter().map(|batch| batch.destination.stream.clone()).collect();
        streams.dedup();
        streams
    }
}

impl LogSink for Sink {
    fn append(&self, batch: LogBatch) {
        self.0.lock().expect("a lock").push(batch);
    }

    fn group_exists(&self, _: &AccountId, _: &Region, _: &str) -> bool {
        true
    }
}

struct World {
    client: Client,
    runtime: Runtime,
    lambda: Arc<Lambda>,
    sink: Arc<Sink>,
    denied: Arc<DenyList>,
    _dir: TempDir,
}

/// The service's operations are called on the world itself.
impl Deref for World {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl World {
    fn new() -> World {
        let dir = TempDir::new().expect("a temporary folder");
        let denied = Arc::new(DenyList::default());
        let environment = Arc::new(Environment {
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            authorizer: denied.clone(),
        });
        let sink = Arc::new(Sink::default());
        let logs = Arc::new(FunctionLogs::new(environment.clone(), Arc::new(Roles), sink.clone()));
        let (scratch, cache) = (dir.path().join("scratch"), dir.path().join("cache"));
        let mut options = Options::new(scratch, cache, Arc::new(Nobody), logs.clone());
        options.install_sdk = false;
        options.prepare = false;
        let runtime = Runtime::new(options).expect("a runtime");
        let parts = Parts {
            store: Store::memory(),
            environment: environment.clone(),
            executor: Arc::new(runtime.clone()),
            logs,
            code_dir: dir.path().join("code"),
            code_url: "http://localhost".into(),
        };
        let lambda = Arc::new(Lambda::new(parts).expect("a service"));
        let cx = Context::internal(environment, Principal::root(AccountId::local()), Region::us_east_1());
        let client = Client::new(&lambda, &cx);
        World { client, runtime, lambda, sink, denied, _dir: dir }
    }

    /// The name of a runtime of this family that the machine has.
    async fn any(&self, family: &str) -> Option<String> {
        for id in RuntimeId::ALL.into_iter().rev().filter(|id| id.to_string().starts_with(family)) {
            if self.runtime.interpreter(id).await.is_ok() {
                return Some(id.to_string());
            }
        }
        eprintln!("SKIPPED: no {family} on this machine");
        None
    }

    async fn create(&self, name: &str, runtime: &str, handler: &str, files: &[(&str, &str)]) -> Value {
        let code = json!({ "ZipFile": zip(files) });
        let function =
            json!({ "FunctionName": name, "Runtime": runtime, "Handler": handler, "Role": ROLE, "Code": code });
        self.ok("CreateFunction", function).await
    }

    /// The answer's payload as JSON, and its error header.
    async fn invoke(&self, name: &str, payload: Value) -> (Value, Value) {
        let input = json!({ "FunctionName": name, "Payload": STANDARD.encode(payload.to_string()) });
        let answer = self.ok("Invoke", input).await;
        (decode(&answer["Payload"]), answer["FunctionError"].clone())
    }
}

fn decode(base64: &Value) -> Value {
    let bytes = STANDARD.decode(base64.as_str().expect("base64")).expect("base64");
    serde_json::from_slice(&bytes).expect("JSON")
}

fn zip(files: &[(&str, &str)]) -> String {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a file");
        writer.write_all(text.as_bytes()).expect("its text");
    }
    STANDARD.encode(writer.finish().expect("an archive").into_inner())
}

const NODE: &str = "let n = 0;
exports.handler = async (event, context) => {
  console.log('hello', event.name);
  if (event.fail) throw new TypeError('bad');
  return { n: ++n, arn: context.invokedFunctionArn, table: process.env.TABLE_NAME, key: process.env.AWS_ACCESS_KEY_ID };
};";

#[tokio::test(flavor = "multi_thread")]
async fn node_functions_run_fail_and_log() {
    let world = World::new();
    let Some(runtime) = world.any("nodejs").await else { return };
    world.create("f", &runtime, "index.handler", &[("index.js", NODE)]).await;
    let variables = json!({ "FunctionName": "f", "Environment": { "Variables": { "TABLE_NAME": "t" } } });
    world.ok("UpdateFunctionConfiguration", variables).await;
    let arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
    let expected = |n: u32| json!({ "n": n, "arn": arn, "table": "t", "key": "ASIAEXAMPLE" });
    assert_eq!(world.invoke("f", json!({ "name": "a" })).await, (expected(1), Value::Null));
    assert_eq!(world.invoke("f", json!({ "name": "b" })).await, (expected(2), Value::Null));
    let (error, header) = world.invoke("f", json!({ "fail": true })).await;
    assert_eq!(
        (&error["errorType"], &error["errorMessage"], header),
        (&json!("TypeError"), &json!("bad"), json!("Unhandled"))
    );
    let messages = world.sink.messages();
    for part in [
        "INIT_START Runtime Version: nodejs",
        "START RequestId: ",
        "\tINFO\thello a\n",
        "END RequestId: ",
        "REPORT RequestId: ",
    ] {
        assert!(messages.iter().any(|message| message.contains(part)), "{part}: {messages:?}");
    }
    let streams = world.sink.streams();
    assert!(streams.len() == 1 && streams[0].contains("/[$LATEST]"), "{streams:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn python_functions_find_their_modules() {
    let world = World::new();
    let Some(runtime) = world.any("python").await else { return };
    let files = [
        (
            "main.py",
            "import helper\ndef lambda_handler(event, context):\n    print('line')\n    return helper.double(event['n'])\n",
        ),
        ("helper.py", "def double(n):\n    return {'n': n * 2}\n"),
    ];
    world.create("p", &runtime, "main.lambda_handler", &files).await;
    assert_eq!(world.invoke("p", json!({ "n": 21 })).await, (json!({ "n": 42 }), Value::Null));
    let wrong = json!({ "FunctionName": "p", "Handler": "none.lambda_handler" });
    world.ok("UpdateFunctionConfiguration", wrong).await;
    let (error, header) = world.invoke("p", json!({})).await;
    assert_eq!((&error["errorType"], header), (&json!("Runtime.ImportModuleError"), json!("Unhandled")));
}

#[tokio::test(flavor = "multi_thread")]
async fn layers_lie_under_opt() {
    let world = World::new();
    let Some(runtime) = world.any("python").await else { return };
    let content = json!({ "ZipFile": zip(&[("python/shared.py", "VALUE = 'from the layer'\n")]) });
    let layer = world.ok("PublishLayerVersion", json!({ "LayerName": "l", "Content": content })).await;
    let source = "import shared\ndef handler(event, context):\n    return shared.VALUE\n";
    world.create("p", &runtime, "main.handler", &[("main.py", source)]).await;
    let layers = json!({ "FunctionName": "p", "Layers": [layer["LayerVersionArn"]] });
    world.ok("UpdateFunctionConfiguration", layers).await;
    assert_eq!(world.invoke("p", json!({})).await.0, json!("from the layer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_keep_their_code() {
    let world = World::new();
    let Some(runtime) = world.any("nodejs").await else { return };
    let code = |text: &str| format!("exports.handler = async () => '{text}'");
    world.create("f", &runtime, "index.handler", &[("index.js", &code("one"))]).await;
    world.ok("PublishVersion", json!({ "FunctionName": "f" })).await;
    let update = json!({ "FunctionName": "f", "ZipFile": zip(&[("index.js", &code("two"))]) });
    world.ok("UpdateFunctionCode", update).await;
    assert_eq!(world.invoke("f:1", json!({})).await.0, json!("one"));
    assert_eq!(world.invoke("f", json!({})).await.0, json!("two"));
    let streams = world.sink.streams();
    assert!(streams.iter().any(|stream| stream.contains("/[1]")), "{streams:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_log_permission_only_the_tail_is_left() {
    let world = World::new();
    let Some(runtime) = world.any("nodejs").await else { return };
    world.denied.deny("logs:PutLogEvents");
    world.create("f", &runtime, "index.handler", &[("index.js", NODE)]).await;
    let answer = world.ok("Invoke", json!({ "FunctionName": "f", "LogType": "Tail" })).await;
    let tail = STANDARD.decode(answer["LogResult"].as_str().expect("a tail")).expect("base64");
    let tail = String::from_utf8(tail).expect("text");
    assert!(tail.contains("\thello undefined\n") && tail.contains("REPORT RequestId: "), "{tail}");
    assert!(world.sink.messages().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn events_run_in_the_background() {
    let world = World::new();
    let Some(runtime) = world.any("nodejs").await else { return };
    let worker = tokio::spawn(world.lambda.clone().run());
    world.create("f", &runtime, "index.handler", &[("index.js", NODE)]).await;
    let payload = STANDARD.encode(r#"{"name":"later"}"#);
    let input = json!({ "FunctionName": "f", "InvocationType": "Event", "Payload": payload });
    assert_eq!(world.ok("Invoke", input).await["StatusCode"], 202);
    let ran = async {
        while !world.sink.messages().iter().any(|message| message.contains("REPORT")) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), ran).await.expect("the event runs");
    worker.abort();
    assert!(world.sink.messages().iter().any(|message| message.ends_with("\thello later\n")));
}
