//! Handlers in Python: what they return, how they fail, what they log.

mod common;

use common::{World, any_python, json, tail, text};
use std::sync::Arc;
use tidegate_runtime::{FunctionError, LogFormat, LogLevel, RuntimeId};

/// Returns and errors: (source of `app.py`, handler, event, payload or a part of it, whether it is an error).
const ANSWERS: &[(&str, &str, &str, &str, bool)] = &[
    ("def handler(e, c): return {'got': e}", "app.handler", r#"{"a": 1}"#, r#"{"got": {"a": 1}}"#, false),
    ("def handler(e, c): pass", "app.handler", "1", "null", false),
    ("def handler(e, c): return e + 1", "app.handler", "1", "2", false),
    ("def handler(e, c): return 'ü'", "app.handler", "1", "\"ü\"", false),
    // simplejson, with which AWS' runtime writes answers, knows Decimal; bytes go out as they are.
    (
        "from decimal import Decimal\ndef handler(e, c): return {'a': [Decimal('1.50'), Decimal('12345678901234567890.5'), Decimal('nan')]}",
        "app.handler",
        "1",
        r#"{"a": [1.50, 12345678901234567890.5, NaN]}"#,
        false,
    ),
    ("def handler(e, c): return b'\"made\"'", "app.handler", "1", "\"made\"", false),
    ("class C:\n  def __call__(self, e, c): return 'obj'\nhandler = C()", "app.handler", "1", "\"obj\"", false),
    (
        "def handler(e, c):\n    raise Exception('bad')",
        "app.handler",
        "1",
        r#""errorMessage": "bad", "errorType": "Exception", "requestId": ""#,
        true,
    ),
    (
        "def handler(e, c):\n    raise KeyError('k')",
        "app.handler",
        "1",
        r#"\", line 2, in handler\n    raise KeyError('k')\n"]}"#,
        true,
    ),
    (
        "def handler(e, c): return {1, 2}",
        "app.handler",
        "1",
        r#"{"errorMessage": "Unable to marshal response: Object of type set is not JSON serializable", "errorType": "Runtime.MarshalError", "requestId": ""#,
        true,
    ),
    (
        "import sys\ndef handler(e, c): sys.exit(0)",
        "app.handler",
        "1",
        "Error: Runtime exited without providing a reason",
        true,
    ),
    ("def handler(e, c): exit(4)", "app.handler", "1", "Error: Runtime exited with error: exit status 4", true),
    (
        "import os\ndef handler(e, c): os.kill(os.getpid(), 11)",
        "app.handler",
        "1",
        "Error: Runtime exited with error: signal: segmentation fault",
        true,
    ),
    // What goes wrong before the handler is there.
    (
        "x = 1",
        "app.handler",
        "1",
        r#"{"errorMessage": "Handler 'handler' missing on module 'app'", "errorType": "Runtime.HandlerNotFound", "requestId": "", "stackTrace": []}"#,
        true,
    ),
    (
        "",
        "main.handler",
        "1",
        r#"{"errorMessage": "Unable to import module 'main': No module named 'main'", "errorType": "Runtime.ImportModuleError", "requestId": "", "stackTrace": []}"#,
        true,
    ),
    ("import nothing_here", "app.handler", "1", "Unable to import module 'app': No module named 'nothing_here'", true),
    ("def handler(", "app.handler", "1", r#""errorMessage": "Syntax error in module 'app': "#, true),
    ("", "handler", "1", "Bad handler 'handler': not enough values to unpack (expected 2, got 1)", true),
    ("", "sys.handler", "1", "Cannot use built-in module sys as a handler module", true),
    (
        "raise ValueError('at init')",
        "app.handler",
        "1",
        r#""errorMessage": "at init", "errorType": "ValueError", "requestId": """#,
        true,
    ),
    ("import sys\nsys.exit(1)", "app.handler", "1", "Runtime exited with error: exit status 1", true),
];

#[tokio::test(flavor = "multi_thread")]
async fn answers() {
    let world = World::new();
    let Some(runtime) = any_python(&world).await else { return };
    for (source, handler, event, expected, failed) in ANSWERS {
        let function = Arc::new(world.function(runtime, handler, &[("app.py", source)]));
        let result = world.invoke(&function, event).await;
        let payload = text(&result);
        assert!(payload.contains(expected) && (*failed || payload == *expected), "{source}\n{payload}");
        assert_eq!(result.function_error, failed.then_some(FunctionError::Unhandled), "{source}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_context_is_complete() {
    let world = World::new();
    let Some(runtime) = any_python(&world).await else { return };
    let source = "import os\ndef handler(e, c):\n    r = {k: v for k, v in vars(c).items() if isinstance(v, str)}\n    \
                  return dict(r, left=c.get_remaining_time_in_millis(), a=c.client_context.custom['a'], app=c.client_context.client.app_title,\n        \
                  pool=c.identity.cognito_identity_pool_id, trace=os.environ['_X_AMZN_TRACE_ID'], cwd=os.getcwd())";
    let function = Arc::new(world.function(runtime, "app.handler", &[("app.py", source)]));
    let mut invocation = common::invocation(&function, "1");
    invocation.trace_id = Some("Root=1-2-3".into());
    invocation.client_context = Some(r#"{"custom":{"a":"b"},"client":{"app_title":"t"}}"#.into());
    invocation.cognito_identity = Some(r#"{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}"#.into());
    let id = invocation.request_id.clone();
    let result = world.runtime.invoke(&function, invocation).await.expect("it runs");
    let context = json(&result);
    let expected = [
        ("aws_request_id", id.as_str()),
        ("function_name", &function.name),
        ("function_version", "$LATEST"),
        ("memory_limit_in_mb", "256"),
        ("invoked_function_arn", function.arn.as_str()),
        ("log_group_name", &function.logging.group),
        ("log_stream_name", &world.log.streams()[0]),
        ("a", "b"),
        ("app", "t"),
        ("pool", "p"),
        ("trace", "Root=1-2-3"),
    ];
    for (name, value) in expected {
        assert_eq!(context[name], value, "{name}");
    }
    assert!((3000..=5000).contains(&context["left"].as_u64().expect("a number")));
}

#[tokio::test(flavor = "multi_thread")]
async fn log_lines_have_aws_form() {
    let world = World::new();
    let Some(runtime) = any_python(&world).await else { return };
    let source = "import logging, sys, subprocess\nlog = logging.getLogger()\nlog.setLevel('INFO')\ndef handler(e, c):\n    \
                  print('one\\ntwo')\n    log.info('three\\nfour')\n    log.debug('no')\n    log.warning('w')\n    print('end', end='')";
    let function = Arc::new(world.function(runtime, "app.handler", &[("app.py", source)]));
    world.invoke(&function, "1").await;
    let mut messages = world.log.messages();
    messages.retain(|message| !message.starts_with("[tidegate]"));
    let id = messages[1].split(' ').nth(2).expect("START has an id").to_owned();
    let expected = [
        ("INIT_START Runtime Version: python:3.", "\n"),
        ("START RequestId: ", " Version: $LATEST\n"),
        ("one\n", ""),
        ("two\n", ""),
        ("[INFO]\t20", &format!("Z\t{id}\tthree\nfour\n")),
        ("[WARNING]\t20", &format!("Z\t{id}\tw\n")),
        ("end\n", ""),
        ("END RequestId: ", &format!("{id}\n")),
        ("REPORT RequestId: ", " ms\t\n"),
    ];
    for (message, (start, end)) in messages.iter().zip(expected) {
        assert!(message.starts_with(start) && message.ends_with(end), "{message:?}");
    }
    assert_eq!(messages.len(), expected.len(), "{messages:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_logged_as_aws_does() {
    let world = World::new();
    let Some(runtime) = any_python(&world).await else { return };
    let function = Arc::new(world.function(
        runtime,
        "app.handler",
        &[("app.py", "def handler(e, c):\n    raise ValueError('boom')")],
    ));
    let tail = tail(&world.invoke(&function, "1").await);
    let expected = "[ERROR] ValueError: boom\nTraceback (most recent call last):\n\u{a0}\u{a0}File \"";
    assert!(tail.contains(expected), "{tail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn json_logs() {
    let world = World::new();
    let Some(runtime) = any_python(&world).await else { return };
    let source = "import logging\ndef handler(e, c):\n    logging.warning('hi %d', 1, extra={'more': {'a': 1}})\n    logging.info('no')";
    let mut function = world.function(runtime, "app.handler", &[("app.py", source)]);
    function.logging.format = LogFormat::Json;
    function.logging.application_level = LogLevel::Warn;
    world.invoke(&Arc::new(function), "1").await;
    let lines: Vec<serde_json::Value> =
        world.log.messages().iter().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
    let own: Vec<&serde_json::Value> = lines.iter().filter(|line| line.get("level").is_some()).collect();
    assert_eq!(own.len(), 1, "{lines:?}");
    assert_eq!(
        (&own[0]["message"], &own[0]["level"], &own[0]["logger"], &own[0]["more"]["a"]),
        (&"hi 1".into(), &"WARNING".into(), &"root".into(), &1.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn modules_are_searched_in_aws_order() {
    let world = World::new();
    let all = [9, 10, 11, 12, 13, 14].map(RuntimeId::Python);
    for runtime in common::available(&world, &all).await {
        let RuntimeId::Python(minor) = runtime else { unreachable!("only Python is in the list above") };
        let source = "import sys, layered, first, helper\ndef handler(e, c): return [sys.version_info[1], layered.x, first.x, helper.x, sys.path[:3]]";
        let mut function = world.function(
            runtime,
            "app.handler",
            &[("app.py", source), ("helper.py", "x = 'task'"), ("first.py", "x = 'task'")],
        );
        let packages = format!("python/lib/python3.{minor}/site-packages/layered.py");
        let one = world.layer("one", &[(&packages, "x = 'old'"), ("python/first.py", "x = 'layer'")]);
        let two = world.layer(&format!("two{minor}"), &[(&packages, "x = 'new'")]);
        function.layer_dirs = vec![one, two];
        let result = json(&world.invoke(&Arc::new(function), "1").await);
        assert_eq!(
            (&result[0], &result[1], &result[2], &result[3]),
            (&minor.into(), &"new".into(), &"task".into(), &"task".into())
        );
        let ends = ["", &format!("/python/lib/python3.{minor}/site-packages"), "/python"];
        for (path, end) in result[4].as_array().expect("a list").iter().zip(ends) {
            assert!(path.as_str().expect("a path").ends_with(end), "{result}");
        }
    }
}
