//! DynamoDB: durable puts and gets over HTTP against dynalite in memory, and one client's put against `fdatasync`.

use std::fs::File;
use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};
use tidegate_benches::load::{Connection, throughput};
use tidegate_benches::reference::{Reference, folder, free_port};
use tidegate_benches::report::{Bar, compare, line, median};
use tidegate_benches::requests::dynamodb;
use tidegate_benches::tidegate::{Tidegate, binary};

const CLIENTS: usize = 16;
const ROUNDS: usize = 3;
const TIME: Duration = Duration::from_secs(4);
const ITEMS: usize = 512;
const SINGLE: usize = 400;
const TABLE: &str = r#"{"TableName":"bench","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"k","AttributeType":"S"}],"KeySchema":[{"AttributeName":"k","KeyType":"HASH"}]}"#;

/// Prints its ratios.
pub async fn measure() {
    let (tidegate, dynalite) = (Tidegate::start(), dynalite());
    for port in [tidegate.port, dynalite.1] {
        Connection::open(port).await.exchange(&dynamodb("CreateTable", TABLE)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await; // dynalite's tables take a moment to become active
    for (name, requests, least) in [("put, 16 clients", puts(), 2.0), ("get, 16 clients", gets(), 4.0)] {
        let (mut mine, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            mine.push(throughput(tidegate.port, CLIENTS, requests.clone(), TIME).await);
            theirs.push(throughput(dynalite.1, CLIENTS, requests.clone(), TIME).await);
        }
        compare(name, "requests/s", &mine, ("dynalite in memory", &theirs), Bar::AtLeast(least));
    }
    single_put(&tidegate).await;
}

fn puts() -> Vec<Vec<u8>> {
    (0..ITEMS).map(|n| dynamodb("PutItem", &format!(r#"{{"TableName":"bench","Item":{{"k":{{"S":"key-{n}"}},"n":{{"N":"{n}"}},"text":{{"S":"a hundred bytes or so of text, as items in small applications have them, more or less"}}}}}}"#))).collect()
}

fn gets() -> Vec<Vec<u8>> {
    (0..ITEMS)
        .map(|n| dynamodb("GetItem", &format!(r#"{{"TableName":"bench","Key":{{"k":{{"S":"key-{n}"}}}}}}"#)))
        .collect()
}

/// In milliseconds: one client's put in turn with `fdatasync` of 4 KiB written into a file beside the data.
async fn single_put(tidegate: &Tidegate) {
    let (puts, mut connection) = (puts(), Connection::open(tidegate.port).await);
    let path = binary().with_file_name("fdatasync.bench");
    let mut file = File::create(&path).expect("the folder is writable");
    file.set_len(4096 * SINGLE as u64).expect("the disk has room");
    file.sync_all().expect("the disk works");
    let (mut mine, mut floor) = (Vec::new(), Vec::new());
    for n in 0..SINGLE {
        let began = Instant::now();
        connection.exchange(&puts[n % ITEMS]).await;
        mine.push(began.elapsed().as_secs_f64() * 1000.0);
        let began = Instant::now();
        file.write_all(&[7; 4096]).and_then(|()| file.sync_data()).expect("the disk works");
        floor.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    let _ = std::fs::remove_file(path);
    let (mine, floor) = (median(&mine), median(&floor));
    line(
        "put, 1 client, ms above fdatasync",
        &format!("{mine:.3} ms; fdatasync: {floor:.3} ms"),
        mine - floor,
        Bar::AtMost(0.3),
    );
}

fn dynalite() -> (Reference, u16) {
    let port = free_port();
    let mut command = Command::new(folder().join("node_modules/.bin/dynalite"));
    command.args(["--port", &port.to_string(), "--createTableMs", "0"]);
    (Reference::start(&mut command, port), port)
}
