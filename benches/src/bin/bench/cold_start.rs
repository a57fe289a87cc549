//! The first invocation of a new function that makes the SDK's DynamoDB client, against what a plain process needs for
//! the same: the interpreter's start and making the client.

use serde_json::json;
use std::process::Command;
use std::time::{Duration, Instant};
use tidegate_benches::reference::folder;
use tidegate_benches::report::{Bar, compare};
use tidegate_benches::tidegate::Tidegate;

const NODE: &str = "const { DynamoDBClient } = require('@aws-sdk/client-dynamodb'); const client = new DynamoDBClient({ region: 'us-east-1' }); exports.handler = async () => typeof client.send;";
const PYTHON: &str = "import boto3\nclient = boto3.client('dynamodb', region_name='us-east-1')\ndef handler(event, context):\n    return type(client).__name__\n";
const ROUNDS: usize = 7;

/// Prints its ratios.
pub async fn measure() {
    let tidegate = Tidegate::start();
    let role = tidegate.role().await;
    let plain_node = || run(Command::new("node").args(["-e", NODE]).current_dir(folder()));
    versus(&tidegate, &role, "nodejs20.x", ("index.js", NODE), plain_node).await;
    let python = folder().join("venv/bin/python");
    versus(&tidegate, &role, "python3.11", ("index.py", PYTHON), || run(Command::new(&python).args(["-c", PYTHON])))
        .await;
}

async fn versus(tidegate: &Tidegate, role: &str, runtime: &str, file: (&str, &str), plain: impl Fn() -> f64) {
    // The runtime's SDK is installed, and an environment prepared, with the first function of a runtime.
    first_invocation(tidegate, role, runtime, file, 999).await;
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        tokio::time::sleep(Duration::from_secs(3)).await;
        mine.push(first_invocation(tidegate, role, runtime, file, round).await);
        theirs.push(plain());
    }
    compare(
        &format!("first invocation, {runtime}"),
        "ms",
        &mine,
        ("interpreter and SDK client", &theirs),
        Bar::AtMost(0.4),
    );
}

/// Milliseconds from the call to the answer, for a function that has never run.
async fn first_invocation(tidegate: &Tidegate, role: &str, runtime: &str, file: (&str, &str), round: usize) -> f64 {
    let name = format!("{}-{round}", file.0.replace('.', "-"));
    tidegate.function(&name, role, runtime, file).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let began = Instant::now();
    let answer = tidegate.call("lambda", "Invoke", json!({ "FunctionName": name })).await;
    let took = began.elapsed().as_secs_f64() * 1000.0;
    assert!(answer["FunctionError"].is_null(), "{answer}");
    took
}

fn run(command: &mut Command) -> f64 {
    let began = Instant::now();
    let status = command.status().expect("the interpreter is there");
    assert!(status.success(), "{command:?}");
    began.elapsed().as_secs_f64() * 1000.0
}
