//! Life of environments: reuse, scaling, time limits, crashes, isolation, endpoint, preparation.

mod common;

use common::{World, any_node, any_python, credentials, invocation, json, tail, text};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tidegate_runtime::{Error, FunctionSpec, Reach, RuntimeId, Status};
use tidegate_types::{AccountId, Arn, Timestamp};

const COUNTER: &str = "let n = 0; exports.handler = async () => ++n";

#[tokio::test(flavor = "multi_thread")]
async fn an_environment_is_used_again() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    let function = Arc::new(world.function(runtime, "index.handler", &[("index.js", COUNTER)]));
    let first = world.invoke(&function, "1").await;
    assert!(
        first.metrics.init_ms.is_some_and(|ms| ms > 1.0)
            && first.metrics.billed_ms as f64 > first.metrics.init_ms.unwrap_or(0.0)
    );
    for n in 2..5 {
        let result = world.invoke(&function, "1").await;
        assert_eq!((text(&result), result.metrics.init_ms), (n.to_string(), None));
    }
    assert_eq!((world.log.streams().len(), world.runtime.environments()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_accounts_and_revisions_are_kept_apart() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    let make = |change: &dyn Fn(&mut FunctionSpec)| {
        let mut function = world.function(runtime, "index.handler", &[("index.js", COUNTER)]);
        let (region, account) = (function.region.clone(), function.account.clone());
        function.name = "same".into();
        function.arn = Arn::new("lambda", &region, &account, "function:same");
        change(&mut function);
        Arc::new(function)
    };
    let other_account = make(&|f| {
        f.account = "111111111111".parse::<AccountId>().expect("twelve digits");
        f.arn = Arn::new("lambda", &f.region, &f.account, "function:same");
    });
    let all = [make(&|_| {}), make(&|f| f.version = "1".into()), other_account, make(&|f| f.revision = "2".into())];
    for function in &all {
        assert_eq!(text(&world.invoke(function, "1").await), "1", "{function:?}");
    }
    assert_eq!(text(&world.invoke(&all[1], "1").await), "2");
    assert_eq!(text(&world.invoke(&all[3], "1").await), "2", "the new revision stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn scales_out_and_throttles() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    let source = "exports.handler = () => new Promise(done => setTimeout(() => done(process.env.AWS_LAMBDA_LOG_STREAM_NAME), 600))";
    let mut function = world.function(runtime, "index.handler", &[("index.js", source)]);
    function.max_concurrency = 3;
    let function = Arc::new(function);
    let calls = (0..4).map(|_| {
        let (runtime, function) = (world.runtime.clone(), function.clone());
        tokio::spawn(async move { runtime.invoke(&function, invocation(&function, "1")).await })
    });
    let mut streams = std::collections::HashSet::new();
    let mut throttled = 0;
    for call in calls.collect::<Vec<_>>() {
        match call.await.expect("no panic") {
            Ok(result) => drop(streams.insert(text(&result))),
            Err(Error::Throttled) => throttled += 1,
            Err(why) => panic!("{why}"),
        }
    }
    assert_eq!((streams.len(), throttled), (3, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn time_limits_end_the_process_and_keep_tmp() {
    let world = World::new();
    let Some(runtime) = any_python(&world).await else { return };
    let source = "import os, time\nn = 0\nP = os.environ.get('TMPDIR', '/tmp') + '/x'\ndef handler(e, c):\n    global n\n    n += 1\n    \
                  if e == 'spin':\n        open(P, 'w').write('kept')\n        print('before')\n        while True: pass\n    \
                  return [n, os.path.exists(P)]";
    let mut function = world.function(runtime, "app.handler", &[("app.py", source)]);
    function.timeout_ms = 1000;
    let function = Arc::new(function);
    assert_eq!(json(&world.invoke(&function, "1").await), serde_json::json!([1, false]));
    let started = Instant::now();
    let result = world.invoke(&function, "\"spin\"").await;
    assert!(started.elapsed() < Duration::from_millis(1500), "{:?}", started.elapsed());
    let body = json(&result);
    assert_eq!(body["errorType"], "Sandbox.Timedout");
    assert!(body["errorMessage"].as_str().is_some_and(|m| m.ends_with(" Error: Task timed out after 1.00 seconds")));
    assert_eq!(result.metrics.status, Status::Timeout);
    let tail = tail(&result);
    let order =
        ["START ", "before\n", " Task timed out after 1.00 seconds\n", "END ", "REPORT ", "\tStatus: timeout\t\n"];
    let places: Vec<_> = order.iter().map(|part| tail.find(part)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{tail}");
    // A new process in the same environment.
    assert_eq!(json(&world.invoke(&function, "1").await), serde_json::json!([1, true]));
    assert_eq!(world.log.streams().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_init_is_done_again_within_the_invocation() {
    let world = World::new();
    let Some(runtime) = any_python(&world).await else { return };
    // Fails the first time only.
    let source = "import os\nP = os.environ.get('TMPDIR', '/tmp') + '/tried'\nif not os.path.exists(P):\n    open(P, 'w')\n    \
                  raise ValueError('not yet')\ndef handler(e, c): return 'at last'";
    let function = Arc::new(world.function(runtime, "app.handler", &[("app.py", source)]));
    let result = world.invoke(&function, "1").await;
    assert_eq!((text(&result).as_str(), result.metrics.init_ms), ("\"at last\"", None));
    let log = world.log.messages().concat();
    assert!(log.contains("ms\tPhase: init\tStatus: error\tError Type: Runtime.Unknown\n"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_limits_bite() {
    let world = World::new();
    let Some(runtime) = any_python(&world).await else { return };
    let source = "def handler(e, c):\n    return len(bytearray(e << 20)) >> 20";
    let mut function = world.function(runtime, "app.handler", &[("app.py", source)]);
    function.memory_mb = 128;
    let function = Arc::new(function);
    let result = world.invoke(&function, "40").await;
    if result.warnings.iter().any(|warning| warning.contains("memory-cgroup")) {
        eprintln!("SKIPPED: this system does not limit memory");
        return;
    }
    assert_eq!(text(&result), "40");
    assert!((40..=128).contains(&result.metrics.max_memory_mb), "{:?}", result.metrics);
    let result = world.invoke(&function, "400").await;
    assert_eq!(json(&result)["errorType"], "Runtime.OutOfMemory", "{}", text(&result));
    assert!(tail(&result).contains("\tStatus: error\tError Type: Runtime.OutOfMemory\t\n"));
    assert_eq!(text(&world.invoke(&function, "1").await), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_output_is_bounded() {
    let world = World::new();
    let Some(runtime) = any_python(&world).await else { return };
    let source = "import sys\ndef handler(e, c):\n    line = 'x' * 1000 + '\\n'\n    for _ in range(300000): sys.stdout.write(line)\n    return 'done'";
    let mut function = world.function(runtime, "app.handler", &[("app.py", source)]);
    function.timeout_ms = 30_000;
    let result = world.invoke(&Arc::new(function), "1").await;
    assert_eq!(text(&result), "\"done\"");
    assert!(tail(&result).len() <= 4096);
    let messages = world.log.messages();
    assert!(messages.iter().any(|m| m.starts_with("[tidegate] ") && m.contains(" log lines were dropped")));
    let kept: usize = messages.iter().map(String::len).sum();
    assert!(kept < 100 << 20, "{kept} of 300 MB");
}

#[tokio::test(flavor = "multi_thread")]
async fn output_without_end_does_not_outlive_the_timeout() {
    let world = World::new();
    let Some(runtime) = any_python(&world).await else { return };
    let source = "import os\ndef handler(e, c):\n    while True: os.write(1, b'y' * 65536)";
    let mut function = world.function(runtime, "app.handler", &[("app.py", source)]);
    function.timeout_ms = 1000;
    let started = Instant::now();
    let result = world.invoke(&Arc::new(function), "1").await;
    assert_eq!(json(&result)["errorType"], "Sandbox.Timedout");
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_runs_between_invocations() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    let source = "let n = 0; setInterval(() => n++, 5); exports.handler = async () => n";
    let function = Arc::new(world.function(runtime, "index.handler", &[("index.js", source)]));
    let first: u32 = text(&world.invoke(&function, "1").await).parse().expect("a number");
    tokio::time::sleep(Duration::from_millis(500)).await;
    let second: u32 = text(&world.invoke(&function, "1").await).parse().expect("a number");
    assert!(second - first < 20, "{first} {second}");
}

#[tokio::test(flavor = "multi_thread")]
async fn functions_reach_the_endpoint_and_are_known_there() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    let source = "exports.handler = async () => new Promise((done, fail) => require('http').get(process.env.AWS_ENDPOINT_URL, r => { \
                  let all = ''; r.on('data', c => all += c); r.on('end', () => done(all)) }).on('error', fail))";
    let function = Arc::new(world.function(runtime, "index.handler", &[("index.js", source)]));
    assert_eq!(text(&world.invoke(&function, "1").await), format!("\"000000000000:{}:$LATEST\"", function.name));
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_renewed_before_they_end() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    let source = "exports.handler = async () => process.env.AWS_ACCESS_KEY_ID";
    let mut function = world.function(runtime, "index.handler", &[("index.js", source)]);
    let asked = Arc::new(AtomicU32::new(0));
    function.credentials = Arc::new(move || {
        let n = asked.fetch_add(1, Ordering::Relaxed);
        let mut given = credentials(&format!("ASIA{n}"));
        // The first ones end at once.
        if n == 0 {
            given.expiration = Timestamp::from_ms(0);
        }
        Box::pin(async { Ok(given) })
    });
    let function = Arc::new(function);
    for _ in 0..3 {
        assert_eq!(text(&world.invoke(&function, "1").await), "\"ASIA1\"");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_credentials_are_an_error_of_the_call() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    let mut function = world.function(runtime, "index.handler", &[("index.js", COUNTER)]);
    function.credentials = Arc::new(|| Box::pin(async { Err("the role cannot be assumed".into()) }));
    let function = Arc::new(function);
    let result = world.runtime.invoke(&function, invocation(&function, "1")).await;
    assert!(matches!(result, Err(Error::Credentials(why)) if why == "the role cannot be assumed"));
    assert_eq!(world.runtime.environments(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_that_count_at_the_start_are_there_then() {
    let world = World::with(|options| options.prepare = true);
    let Some(runtime) = any_node(&world).await else { return };
    prepared(&world, runtime).await;
    let source = "exports.handler = async () => v8flag().concat(process.env.NODE_OPTIONS); \
                  const v8flag = () => [typeof gc, process.env.MINE]";
    let mut function = world.function(runtime, "index.handler", &[("index.js", source)]);
    function.variables =
        [("NODE_OPTIONS", "--stack-trace-limit=3"), ("MINE", "yes")].map(|(k, v)| (k.into(), v.into())).into();
    assert_eq!(text(&world.invoke(&Arc::new(function), "1").await), r#"["function","yes","--stack-trace-limit=3"]"#);
}

async fn prepared(world: &World, runtime: RuntimeId) {
    world.runtime.prepare(runtime, 256);
    let until = Instant::now() + Duration::from_secs(30);
    while world.runtime.prepared(runtime) == 0 && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(world.runtime.prepared(runtime) > 0, "nothing was prepared");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prepared_environment_becomes_the_functions_own() {
    let world = World::with(|options| options.prepare = true);
    for runtime in [any_node(&world).await, any_python(&world).await].into_iter().flatten() {
        prepared(&world, runtime).await;
        let js = "exports.handler = async () => [process.env.MINE, process.cwd() === process.env.LAMBDA_TASK_ROOT, process.env.AWS_LAMBDA_FUNCTION_NAME]";
        let py = "import os\ndef handler(e, c): return [os.environ['MINE'], os.getcwd() == os.environ['LAMBDA_TASK_ROOT'], os.environ['AWS_LAMBDA_FUNCTION_NAME']]";
        let mut function = world.function(runtime, "index.handler", &[("index.js", js), ("index.py", py)]);
        function.variables = [("MINE".to_owned(), "yes".to_owned())].into();
        let function = Arc::new(function);
        let result = world.invoke(&function, "1").await;
        assert_eq!(json(&result), serde_json::json!(["yes", true, function.name]), "{runtime}");
        eprintln!("{runtime}: init {:?} ms", result.metrics.init_ms);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_looks_like_aws() {
    let world = World::new();
    let Some(runtime) = any_python(&world).await else { return };
    let source = "import os, pwd, sys\ndef handler(e, c):\n    r = lambda p: sorted(os.listdir(p)) if os.path.isdir(p) else None\n    \
                  return dict(uid=os.getuid(), cwd=os.getcwd(), root=r('/'), home=r('/root'), exe=sys.executable, pid=len([p for p in os.listdir('/proc') if p.isdigit()]), env=sorted(os.environ))";
    let function = Arc::new(world.function(runtime, "app.handler", &[("app.py", source)]));
    let result = world.invoke(&function, "1").await;
    if result.warnings.iter().any(|warning| warning.contains("mountns")) {
        eprintln!("SKIPPED: this system does not grant a file tree of its own");
        return;
    }
    let seen = json(&result);
    assert_eq!(seen["cwd"], "/var/task");
    assert_ne!(seen["uid"], 0);
    assert!(seen["exe"].as_str().is_some_and(|path| path.starts_with("/var/lang/bin/python3")), "{seen}");
    assert!(seen["home"].is_null() || seen["home"] == serde_json::json!([]), "{seen}");
    let root: Vec<&str> = seen["root"].as_array().expect("a list").iter().filter_map(|name| name.as_str()).collect();
    let allowed = ["bin", "dev", "etc", "lib", "lib32", "lib64", "opt", "proc", "sbin", "tmp", "usr", "var"];
    assert!(root.iter().all(|name| allowed.contains(name)), "{root:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn retired_and_shut_down_environments_are_gone() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    let function = Arc::new(world.function(runtime, "index.handler", &[("index.js", COUNTER)]));
    world.invoke(&function, "1").await;
    world.runtime.retire(&function.arn, None);
    gone(&world).await;
    assert_eq!(text(&world.invoke(&function, "1").await), "1");
    world.runtime.shutdown(tokio::time::Instant::now() + std::time::Duration::from_secs(5)).await;
    gone(&world).await;
    let refused = world.runtime.invoke(&function, invocation(&function, "1")).await;
    assert!(matches!(refused, Err(Error::ShuttingDown)));
}

async fn gone(world: &World) {
    let until = Instant::now() + Duration::from_secs(5);
    while world.runtime.environments() > 0 && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(world.runtime.environments(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_seen_while_the_function_runs() {
    let world = World::new();
    let Some(runtime) = any_python(&world).await else { return };
    let source = "import time\ndef handler(e, c):\n    print('early')\n    time.sleep(1.5)";
    let function = Arc::new(world.function(runtime, "app.handler", &[("app.py", source)]));
    let (handle, again) = (world.runtime.clone(), function.clone());
    let call = tokio::spawn(async move { handle.invoke(&again, invocation(&again, "1")).await });
    let seen = loop {
        if world.log.messages().iter().any(|message| message == "early\n") {
            break !call.is_finished();
        }
        if call.is_finished() {
            break false;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert!(seen, "only seen at the end");
    call.await.expect("no panic").expect("it runs");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invocation_goes_on_when_its_client_leaves() {
    let world = World::new();
    let Some(runtime) = any_python(&world).await else { return };
    let source = "import time\ndef handler(e, c):\n    print('started')\n    time.sleep(0.3)\n    print('finished')";
    let function = Arc::new(world.function(runtime, "app.handler", &[("app.py", source)]));
    world.invoke(&function, "1").await;
    let left = tokio::time::timeout(Duration::from_millis(100), world.invoke(&function, "1")).await;
    assert!(left.is_err());
    let finished = || world.log.messages().iter().filter(|message| *message == "finished\n").count();
    let until = Instant::now() + Duration::from_secs(5);
    while finished() < 2 && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(finished(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_init_that_takes_too_long_is_done_again_with_the_functions_time() {
    let world = World::with(|options| options.init_max = Duration::from_millis(300));
    let Some(runtime) = any_python(&world).await else { return };
    let source = "import time\ntime.sleep(0.6)\ndef handler(e, c): return 'slow'";
    let function = Arc::new(world.function(runtime, "app.handler", &[("app.py", source)]));
    let result = world.invoke(&function, "1").await;
    assert_eq!((text(&result).as_str(), result.metrics.init_ms), ("\"slow\"", None));
    assert!(result.metrics.duration_ms > 600.0, "{:?}", result.metrics);
    let log = world.log.messages().concat();
    assert!(log.contains("ms\tPhase: init\tStatus: timeout\n"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn large_events_and_responses_pass() {
    let world = World::new();
    let js = "exports.handler = async (e) => { console.log('y'.repeat(200000)); return e }";
    let py = "def handler(e, c):\n    print('y' * 200000)\n    return e";
    for runtime in [any_node(&world).await, any_python(&world).await].into_iter().flatten() {
        let function = Arc::new(world.function(runtime, "index.handler", &[("index.js", js), ("index.py", py)]));
        let event = format!("\"{}\"", "x".repeat(6_291_454));
        for _ in 0..2 {
            assert!(text(&world.invoke(&function, &event).await) == event, "{runtime}");
        }
        let too_large = world.runtime.invoke(&function, invocation(&function, &(event + " "))).await;
        assert!(matches!(too_large, Err(Error::PayloadTooLarge)));
    }
}

/// What every system offers: no namespaces, no control groups.
#[tokio::test(flavor = "multi_thread")]
async fn runs_without_any_layer_of_isolation() {
    let world = World::with(|options| options.sandbox.without = tidegate_sandbox::Layer::ALL.to_vec());
    // Neither may a server that is root keep its functions, which are not, from their code.
    world.close_to_others();
    let js = "exports.handler = async (e) => { if (e === 'spin') for (;;); \
              return [process.cwd() === process.env.LAMBDA_TASK_ROOT, require('os').tmpdir() === process.env.TMPDIR, require('layered')] }";
    let py = "import os, tempfile, layered\ndef handler(e, c):\n    while e == 'spin': pass\n    \
              return [os.getcwd() == os.environ['LAMBDA_TASK_ROOT'], tempfile.gettempdir() == os.environ['TMPDIR'], layered.x]";
    let layer = world
        .layer("both", &[("nodejs/node_modules/layered.js", "module.exports = 5"), ("python/layered.py", "x = 5")]);
    for runtime in [any_node(&world).await, any_python(&world).await].into_iter().flatten() {
        let mut function = world.function(runtime, "index.handler", &[("index.js", js), ("index.py", py)]);
        function.timeout_ms = 1000;
        function.layer_dirs = vec![layer.clone()];
        let function = Arc::new(function);
        let result = world.invoke(&function, "1").await;
        assert_eq!(text(&result).replace(' ', ""), "[true,true,5]", "{runtime}");
        assert!(result.warnings.iter().any(|warning| warning.contains("reduced")), "{:?}", result.warnings);
        assert_eq!(json(&world.invoke(&function, "\"spin\"").await)["errorType"], "Sandbox.Timedout");
        assert_eq!(text(&world.invoke(&function, "1").await).replace(' ', ""), "[true,true,5]", "{runtime}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn functions_reach_what_they_may_and_not_this_machine() {
    let listen = || std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let (open, closed) = (listen(), listen());
    let port = |listener: &std::net::TcpListener| listener.local_addr().expect("it is bound").port();
    let allow = vec![open.local_addr().expect("it is bound")];
    let world = World::with(|options| options.reach = Reach::Internet { allow });
    let Some(runtime) = any_node(&world).await else { return };
    let source = "exports.handler = ports => Promise.all(ports.map(port => new Promise(done => { \
                  const s = require('net').connect(port, '127.0.0.1', () => { s.destroy(); done(true) }); s.on('error', () => done(false)) })))";
    let function = Arc::new(world.function(runtime, "index.handler", &[("index.js", source)]));
    let result = world.invoke(&function, &format!("[{},{}]", port(&open), port(&closed))).await;
    if result.warnings.iter().any(|warning| warning.contains("netns") || warning.contains("seccomp")) {
        eprintln!("SKIPPED: this system does not grant a network of its own");
        return;
    }
    assert_eq!(text(&result), "[true,false]");
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_does_not_exhaust_the_functions_memory() {
    let world = World::with(|options| options.prepare = true);
    let Some(runtime) = any_node(&world).await else { return };
    prepared(&world, runtime).await;
    // Little is alive at a time, but a Node that believes to have the machine's memory lets 400 MB of it pile up.
    let source = "exports.handler = async () => { const live = []; for (let i = 0; i < 3000; i++) { \
                  live.push(new Array(20000).fill(i)); if (live.length > 150) live.shift(); } return live.length }";
    for _ in 0..2 {
        let mut function = world.function(runtime, "index.handler", &[("index.js", source)]);
        function.timeout_ms = 30_000;
        assert_eq!(text(&world.invoke(&Arc::new(function), "1").await), "150");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_aws_lead_to_the_endpoint() {
    let world = World::new();
    let js = "exports.handler = (name) => new Promise((done, fail) => require('http').get(`http://${name}:443/`, r => { \
              let all = ''; r.on('data', c => all += c); r.on('end', () => done(all)) }).on('error', fail))";
    let py = "import urllib.request\ndef handler(name, c): return urllib.request.urlopen(f'http://{name}:443/').read().decode()";
    for runtime in [any_node(&world).await, any_python(&world).await].into_iter().flatten() {
        let function = Arc::new(world.function(runtime, "index.handler", &[("index.js", js), ("index.py", py)]));
        let result = world.invoke(&function, "\"dynamodb.us-east-1.amazonaws.com\"").await;
        if result.warnings.iter().any(|warning| warning.contains("netns") || warning.contains("seccomp")) {
            eprintln!("SKIPPED: this system does not grant a network of its own");
            return;
        }
        assert_eq!(text(&result), format!("\"000000000000:{}:$LATEST\"", function.name), "{runtime}");
    }
}
