//! HTTP API → warm hello function, against nginx → the same handler in `node:http`, and nginx → uvicorn.

use std::process::Command;
use std::time::Duration;
use tidegate_benches::load::{Connection, throughput};
use tidegate_benches::reference::{Reference, folder, free_port, nginx};
use tidegate_benches::report::{Bar, compare};
use tidegate_benches::requests::get;
use tidegate_benches::tidegate::Tidegate;

const NODE: &str = "exports.handler = async () => ({ statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ hello: 'world' }) });";
const PYTHON: &str = "import json\ndef handler(event, context):\n    return {'statusCode': 200, 'headers': {'content-type': 'application/json'}, 'body': json.dumps({'hello': 'world'})}\n";
const NODE_SERVER: &str = "require('node:http').createServer((q, s) => { const body = JSON.stringify({ hello: 'world' }); s.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }); s.end(body); }).listen(+process.argv[2], '127.0.0.1');";
const UVICORN_APP: &str = "import json\nasync def app(scope, receive, send):\n    if scope['type'] != 'http': return\n    body = json.dumps({'hello': 'world'}).encode()\n    await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'content-type', b'application/json'), (b'content-length', str(len(body)).encode())]})\n    await send({'type': 'http.response.body', 'body': body})\n";

const CONNECTIONS: usize = 16;
const ROUNDS: usize = 3;
const TIME: Duration = Duration::from_secs(5);

/// Prints its ratios.
pub async fn measure() {
    let tidegate = Tidegate::start();
    let role = tidegate.role().await;
    let node = ours(&tidegate, &role, "nodejs20.x", ("index.js", NODE)).await;
    versus("Node hello", (tidegate.port, &node), node_server(), "nginx → node:http", 0.6).await;
    let python = ours(&tidegate, &role, "python3.11", ("index.py", PYTHON)).await;
    versus("Python hello", (tidegate.port, &python), uvicorn(), "nginx → uvicorn", 1.5).await;
}

/// A function behind an API; the API's host.
async fn ours(tidegate: &Tidegate, role: &str, runtime: &str, file: (&str, &str)) -> String {
    let name = file.0.replace('.', "-");
    let arn = tidegate.function(&name, role, runtime, file).await;
    format!("{}.execute-api.localhost", tidegate.http_api(&name, &arn).await)
}

async fn versus(what: &str, (port, host): (u16, &str), reference: (Reference, u16), name: &str, least: f64) {
    let (proxy, proxy_port) = nginx(reference.1);
    let body = Connection::open(port).await.exchange(&get(host, "/")).await;
    let text = String::from_utf8_lossy(&body).replace(' ', "");
    assert_eq!(text, r#"{"hello":"world"}"#, "both say the same");
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        mine.push(throughput(port, CONNECTIONS, vec![get(host, "/")], TIME).await);
        theirs.push(throughput(proxy_port, CONNECTIONS, vec![get("localhost", "/")], TIME).await);
    }
    compare(what, "requests/s", &mine, (name, &theirs), Bar::AtLeast(least));
    drop((proxy, reference));
}

fn node_server() -> (Reference, u16) {
    let port = free_port();
    let file = folder().join("hello.js");
    std::fs::write(&file, NODE_SERVER).expect("the folder is there");
    (Reference::start(Command::new("node").arg(file).arg(port.to_string()), port), port)
}

fn uvicorn() -> (Reference, u16) {
    let port = free_port();
    std::fs::write(folder().join("hello.py"), UVICORN_APP).expect("the folder is there");
    let mut command = Command::new(folder().join("venv/bin/python"));
    command.args(["-m", "uvicorn", "--no-access-log", "--port", &port.to_string(), "hello:app"]).current_dir(folder());
    (Reference::start(&mut command, port), port)
}
