//! Events that come in from functions and gateways.

use super::{House, NOW, messages};
use serde_json::json;
use tidegate_core::ports::{LogBatch, LogDestination, LogEvent, LogSink};

fn batch(house: &House, stream: &str, create_group: bool, events: &[(u64, &str)]) -> LogBatch {
    let (account, region) = (house.bench.cx.account.clone(), house.bench.cx.region.clone());
    let destination = LogDestination { account, region, group: "g".into(), stream: stream.into(), create_group };
    let event = |(t, m): &(u64, &str)| LogEvent { timestamp_ms: NOW + t, message: (*m).to_owned() };
    LogBatch { destination, events: events.iter().map(event).collect() }
}

#[tokio::test]
async fn makes_group_and_stream_and_is_readable_at_once() {
    let house = House::on_disk();
    house.logs.append(batch(&house, "s", true, &[(0, "1"), (1, "2")]));
    house.logs.append(batch(&house, "s", true, &[(1, "3")]));
    house.logs.append(batch(&house, "t", true, &[(0, "other")]));
    let answer = house.ok("GetLogEvents", json!({ "logGroupName": "g", "logStreamName": "s" })).await;
    assert_eq!(messages(&answer), ["1", "2", "3"]);
    let cx = &house.bench.cx;
    assert!(house.logs.group_exists(&cx.account, &cx.region, "g"));
    assert!(!house.logs.group_exists(&cx.account, &cx.region, "h"));
    let house = house.restarted();
    let answer = house.ok("FilterLogEvents", json!({ "logGroupName": "g" })).await;
    assert_eq!(messages(&answer), ["1", "other", "2", "3"]);
}

#[tokio::test]
async fn drops_events_without_a_group() {
    let house = House::new();
    house.logs.append(batch(&house, "s", false, &[(0, "1")]));
    assert_eq!(house.ok("DescribeLogGroups", json!({})).await["logGroups"], json!([]));
    house.group("g").await;
    house.logs.append(batch(&house, "s", false, &[(0, "2")]));
    let answer = house.ok("FilterLogEvents", json!({ "logGroupName": "g" })).await;
    assert_eq!(messages(&answer), ["2"]);
    assert_eq!(house.logs.dropped_events(), 0);
}

#[tokio::test]
async fn counts_what_does_not_fit() {
    let house = House::new();
    // The writer is kept busy, so that nothing leaves the queue.
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let store = house.store.clone();
    let busy =
        tokio::spawn(async move { store.write(move |_| Ok::<_, tidegate_store::Error>(held.recv().is_ok())).await });
    tokio::task::yield_now().await;
    let big = "x".repeat(1 << 20);
    for _ in 0..40 {
        house.logs.append(batch(&house, "s", true, &[(0, &big)]));
    }
    assert_eq!(house.logs.dropped_events(), 9);
    hold.send(()).expect("the writer waits");
    busy.await.expect("no panic").expect("the store works");
    let answer = house.ok("DescribeLogGroups", json!({})).await;
    assert_eq!(answer["logGroups"][0]["storedBytes"], json!(31 * ((1 << 20) + 26)));
}
