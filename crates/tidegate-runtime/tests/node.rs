//! Handlers in Node: what they return, how they fail, what they log.

mod common;

use common::{World, any_node, json, tail, text};
use std::sync::Arc;
use tidegate_runtime::{FunctionError, RuntimeId};

/// Returns and errors: (file name, source, handler, event, payload or a part of it, whether it is an error).
const ANSWERS: &[(&str, &str, &str, &str, &str, bool)] = &[
    (
        "index.js",
        "exports.handler = async (e) => ({ got: e })",
        "index.handler",
        r#"{"a":1}"#,
        r#"{"got":{"a":1}}"#,
        false,
    ),
    ("index.js", "exports.handler = async () => {}", "index.handler", "1", "null", false),
    ("index.js", "exports.handler = () => {}", "index.handler", "1", "null", false),
    ("index.js", "exports.handler = (e, c, cb) => cb(null, e + 1)", "index.handler", "1", "2", false),
    ("index.js", "exports.handler = (e, c) => c.succeed('old')", "index.handler", "1", "\"old\"", false),
    (
        "index.js",
        "exports.handler = (e, c, cb) => { cb(null, 1); setTimeout(() => { global.late = 1 }, 30) }",
        "index.handler",
        "1",
        "1",
        false,
    ),
    (
        "index.mjs",
        "const x = await Promise.resolve(7); export const handler = async () => x",
        "index.handler",
        "1",
        "7",
        false,
    ),
    ("index.cjs", "exports.handler = async () => 'c'", "index.handler", "1", "\"c\"", false),
    ("a/b.js", "exports.deep = { inner: { go: async () => 5 } }", "a/b.deep.inner.go", "1", "5", false),
    ("index.js", "exports.handler = async () => 'ü\u{1F600}'", "index.handler", "1", "\"ü\u{1F600}\"", false),
    (
        "index.js",
        "exports.handler = async () => { throw new TypeError('bad') }",
        "index.handler",
        "1",
        r#"{"errorType":"TypeError","errorMessage":"bad","trace":["TypeError: bad","#,
        true,
    ),
    (
        "index.js",
        "exports.handler = async () => { throw null }",
        "index.handler",
        "1",
        r#"{"errorType":"string","errorMessage":"handled","trace":[]}"#,
        true,
    ),
    (
        "index.js",
        "exports.handler = async () => { throw 'text' }",
        "index.handler",
        "1",
        r#"{"errorType":"string","errorMessage":"text","trace":[]}"#,
        true,
    ),
    (
        "index.js",
        "exports.handler = (e, c, cb) => cb(new Error('cb'))",
        "index.handler",
        "1",
        r#"{"errorType":"Error","errorMessage":"cb""#,
        true,
    ),
    (
        "index.js",
        "exports.handler = () => new Promise(() => { setTimeout(() => { throw new RangeError('later') }, 1) })",
        "index.handler",
        "1",
        r#"{"errorType":"RangeError","errorMessage":"later""#,
        true,
    ),
    (
        "index.js",
        "exports.handler = () => { Promise.reject(new Error('lost')); return new Promise(() => setTimeout(() => {}, 1000)) }",
        "index.handler",
        "1",
        r#"{"errorType":"Runtime.UnhandledPromiseRejection","errorMessage":"Error: lost""#,
        true,
    ),
    (
        "index.js",
        "exports.handler = async () => { const a = {}; a.a = a; return a }",
        "index.handler",
        "1",
        r#"{"errorType":"Error","errorMessage":"Unable to stringify response body""#,
        true,
    ),
    (
        "index.js",
        "exports.handler = async () => process.exit(0)",
        "index.handler",
        "1",
        "Error: Runtime exited without providing a reason",
        true,
    ),
    (
        "index.js",
        "exports.handler = async () => process.exit(3)",
        "index.handler",
        "1",
        "Error: Runtime exited with error: exit status 3",
        true,
    ),
    (
        "index.js",
        "exports.handler = async () => 'x'.repeat(6291556)",
        "index.handler",
        "1",
        r#"{"errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"}"#,
        true,
    ),
    (
        "index.js",
        "exports.handler = awslambda.streamifyResponse(async (e, s) => { s.write('a'); s.end('b') })",
        "index.handler",
        "1",
        "ab",
        false,
    ),
    // What goes wrong before the handler is there.
    (
        "index.js",
        "exports.other = 1",
        "index.handler",
        "1",
        r#"{"errorType":"Runtime.HandlerNotFound","errorMessage":"index.handler is undefined or not exported""#,
        true,
    ),
    ("index.js", "exports.handler = 1", "index.handler", "1", "index.handler is not a function", true),
    (
        "index.js",
        "",
        "main.handler",
        "1",
        r#"{"errorType":"Runtime.ImportModuleError","errorMessage":"Error: Cannot find module 'main'\nRequire stack:\n- /var/runtime/index.mjs""#,
        true,
    ),
    (
        "index.js",
        "require('nothing-here')",
        "index.handler",
        "1",
        r#"{"errorType":"Runtime.ImportModuleError","errorMessage":"Error: Cannot find module 'nothing-here'"#,
        true,
    ),
    (
        "index.mjs",
        "import 'nothing-here'; export const handler = async () => 1",
        "index.handler",
        "1",
        r#"{"errorType":"Error","errorMessage":"Cannot find package 'nothing-here' imported from "#,
        true,
    ),
    (
        "index.js",
        "{",
        "index.handler",
        "1",
        r#"{"errorType":"Runtime.UserCodeSyntaxError","errorMessage":"SyntaxError: Unexpected end of input""#,
        true,
    ),
    ("index.js", "", "index", "1", r#"{"errorType":"Runtime.MalformedHandlerName","errorMessage":"Bad handler""#, true),
    ("index.js", "", "../index.handler", "1", "'../index.handler' is not a valid handler name.", true),
    (
        "index.js",
        "throw new Error('at init')",
        "index.handler",
        "1",
        r#"{"errorType":"Error","errorMessage":"at init""#,
        true,
    ),
    ("index.js", "process.exit(1)", "index.handler", "1", "Runtime exited with error: exit status 1", true),
];

#[tokio::test(flavor = "multi_thread")]
async fn answers() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    for (file, source, handler, event, expected, failed) in ANSWERS {
        let function = Arc::new(world.function(runtime, handler, &[(file, source)]));
        let result = world.invoke(&function, event).await;
        let payload = text(&result);
        assert!(payload.contains(expected) && (*failed || payload == *expected), "{source}\n{payload}");
        assert_eq!(result.function_error, failed.then_some(FunctionError::Unhandled), "{source}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn package_type_module_decides_how_js_is_loaded() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    let files =
        [("package.json", r#"{"type":"module"}"#), ("index.js", "export const handler = async () => typeof require")];
    let function = Arc::new(world.function(runtime, "index.handler", &files));
    assert_eq!(text(&world.invoke(&function, "1").await), "\"undefined\"");
}

/// What Lambda switches off, by runtime and what `NODE_OPTIONS` asks for:
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html>.
#[tokio::test(flavor = "multi_thread")]
async fn experiments_of_node_are_off_unless_asked_for() {
    let world = World::new();
    if any_node(&world).await.is_none() {
        return;
    }
    let source = "exports.handler = async () => process.features.require_module === undefined ? 'old' : \
                  process.execArgv.filter((flag) => flag.includes('module')).map((flag) => flag.slice(18))";
    for (major, asked, expected) in [
        (20, "", r#"["require-module"]"#),
        (22, "", r#"["require-module","detect-module"]"#),
        (22, "--experimental-detect-module", r#"["require-module"]"#),
        (24, "", "[]"),
    ] {
        let mut function = world.function(RuntimeId::Node(major), "index.handler", &[("index.js", source)]);
        function.variables = [("NODE_OPTIONS".to_owned(), asked.to_owned())].into();
        let told = text(&world.invoke(&Arc::new(function), "1").await);
        assert!(told == expected || told == "\"old\"", "{major} {asked}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_context_is_complete() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    let source = "exports.handler = async (e, c) => ({ ...c, left: c.getRemainingTimeInMillis(), trace: process.env._X_AMZN_TRACE_ID })";
    let function = Arc::new(world.function(runtime, "index.handler", &[("index.js", source)]));
    let mut invocation = common::invocation(&function, "1");
    invocation.trace_id = Some("Root=1-2-3".into());
    invocation.client_context = Some(r#"{"custom":{"a":"b"}}"#.into());
    invocation.cognito_identity = Some(r#"{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}"#.into());
    invocation.invoked_function_arn = format!("{}:live", function.arn);
    let id = invocation.request_id.clone();
    let result = world.runtime.invoke(&function, invocation).await.expect("it runs");
    let context = json(&result);
    let text = |name: &str| context[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(text("awsRequestId"), id);
    assert_eq!(text("functionName"), function.name);
    assert_eq!(text("functionVersion"), "$LATEST");
    assert_eq!(text("memoryLimitInMB"), "256");
    assert_eq!(text("invokedFunctionArn"), format!("{}:live", function.arn));
    assert_eq!(text("logGroupName"), function.logging.group);
    assert_eq!(text("logStreamName"), world.log.streams()[0]);
    assert_eq!(text("trace"), "Root=1-2-3");
    assert_eq!(context["clientContext"]["custom"]["a"], "b");
    assert_eq!(context["identity"]["cognitoIdentityId"], "i");
    assert_eq!(context["callbackWaitsForEmptyEventLoop"], true);
    let left = context["left"].as_u64().expect("a number");
    assert!((3000..=5000).contains(&left), "{left}");
}

#[tokio::test(flavor = "multi_thread")]
async fn log_lines_have_aws_form() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    let source = "exports.handler = async () => { console.log('a %s', 'b', { c: 1 }); console.error('two\\nlines'); \
                  console.warn('w'); console.debug('d'); process.stdout.write('raw1\\nraw2\\n'); }";
    let function = Arc::new(world.function(runtime, "index.handler", &[("index.js", source)]));
    let result = world.invoke(&function, "1").await;
    let mut messages = world.log.messages();
    messages.retain(|message| !message.starts_with("[tidegate]"));
    let id = messages[1].split(' ').nth(2).expect("START has an id").to_owned();
    let expected = [
        ("INIT_START Runtime Version: nodejs:", "\n"),
        ("START RequestId: ", " Version: $LATEST\n"),
        ("20", &format!("Z\t{id}\tINFO\ta b {{ c: 1 }}\n")),
        ("20", &format!("Z\t{id}\tERROR\ttwo\nlines\n")),
        ("20", &format!("Z\t{id}\tWARN\tw\n")),
        ("20", &format!("Z\t{id}\tDEBUG\td\n")),
        ("raw1\n", ""),
        ("raw2\n", ""),
        ("END RequestId: ", &format!("{id}\n")),
        ("REPORT RequestId: ", " ms\t\n"),
    ];
    assert_eq!(messages.len(), expected.len(), "{messages:?}");
    for (message, (start, end)) in messages.iter().zip(expected) {
        assert!(message.starts_with(start) && message.ends_with(end), "{message:?}");
    }
    let tail = tail(&result);
    assert!(
        tail.starts_with("START RequestId: ") && tail.contains("two\nlines\n") && tail.ends_with(" ms\t\n"),
        "{tail}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_logged_as_aws_does() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    let source = "exports.handler = async () => { throw Object.assign(new Error('boom'), { code: 7 }) }";
    let function = Arc::new(world.function(runtime, "index.handler", &[("index.js", source)]));
    let tail = tail(&world.invoke(&function, "1").await);
    let expected = "\tERROR\tInvoke Error \t{\"errorType\":\"Error\",\"errorMessage\":\"boom\",\"code\":7,\"stack\":[\"Error: boom\",";
    assert!(tail.contains(expected), "{tail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn json_logs() {
    use tidegate_runtime::{LogFormat, LogLevel};
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    let source = "exports.handler = async () => { console.info('hi', 1); console.warn({ a: 1 }); console.debug('no') }";
    let mut function = world.function(runtime, "index.handler", &[("index.js", source)]);
    function.logging.format = LogFormat::Json;
    function.logging.application_level = LogLevel::Info;
    world.invoke(&Arc::new(function), "1").await;
    let lines: Vec<serde_json::Value> =
        world.log.messages().iter().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
    let kinds: Vec<&str> =
        lines.iter().map(|line| line["type"].as_str().or(line["level"].as_str()).expect("one of them")).collect();
    let kinds: Vec<&str> = kinds.into_iter().filter(|kind| *kind != "tidegate.notice").collect();
    assert_eq!(kinds, ["platform.initStart", "platform.start", "INFO", "WARN", "platform.report"]);
    let of_level = |level: &str| lines.iter().find(|line| line["level"] == level).expect("there is one");
    assert_eq!(of_level("INFO")["message"], "hi 1");
    assert_eq!(of_level("WARN")["message"]["a"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_version_on_this_machine() {
    let world = World::new();
    let all = [18, 20, 22, 24].map(RuntimeId::Node);
    for runtime in common::available(&world, &all).await {
        let source = "exports.handler = async () => [process.version, process.env.AWS_EXECUTION_ENV]";
        let function = Arc::new(world.function(runtime, "index.handler", &[("index.js", source)]));
        let result = json(&world.invoke(&function, "1").await);
        assert_eq!(result[1], format!("AWS_Lambda_{runtime}"));
    }
}
