//! Events: the rules of `PutLogEvents`, and reading in both directions, merged and filtered.

use super::{House, NOW, messages};
use serde_json::{Value, json};

const DAY: u64 = 86_400_000;

async fn house() -> House {
    let house = House::new();
    house.group("g").await;
    for stream in ["a", "b", "c"] {
        house.stream("g", stream).await;
    }
    house
}

#[tokio::test]
async fn refuses_bad_batches() {
    let event = |t: u64, m: String| json!({ "timestamp": t, "message": m });
    let big = "x".repeat(600_000);
    let cases = [
        (
            vec![event(NOW, "a".into()), event(NOW - 1, "b".into())],
            "Log events in a single PutLogEvents request must be in chronological order.".to_owned(),
        ),
        (
            vec![event(NOW - DAY - 1, "a".into()), event(NOW, "b".into())],
            "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.".to_owned(),
        ),
        (
            vec![event(NOW, big.clone()), event(NOW, big)],
            "Upload too large: 1200052 bytes exceeds limit of 1048576".to_owned(),
        ),
        (
            vec![event(NOW, "x".repeat(1_048_551))],
            "Log event too large: 1048577 bytes exceeds limit of 1048576".to_owned(),
        ),
    ];
    let house = house().await;
    for (events, expected) in cases {
        let input = json!({ "logGroupName": "g", "logStreamName": "a", "logEvents": events });
        assert_eq!(house.err("PutLogEvents", input).await, ("InvalidParameterException".to_owned(), expected));
    }
    house.put("g", "a", &[(0, "x".repeat(1_048_550).as_str())]).await;
}

#[tokio::test]
async fn names_rejected_events() {
    let house = house().await;
    house.ok("PutRetentionPolicy", json!({ "logGroupName": "g", "retentionInDays": 3 })).await;
    let put = async |times: &[u64]| {
        let events: Vec<Value> = times.iter().map(|t| json!({ "timestamp": t, "message": "m" })).collect();
        house.ok("PutLogEvents", json!({ "logGroupName": "g", "logStreamName": "a", "logEvents": events })).await
    };
    let ahead = NOW + 2 * 3_600_000;
    let cases: [(&[u64], Value); 5] = [
        (&[NOW], Value::Null),
        (&[ahead, ahead + 1], json!({ "tooNewLogEventStartIndex": 1 })),
        (&[NOW - 14 * DAY - 1, NOW - 14 * DAY], json!({ "tooOldLogEventEndIndex": 1, "expiredLogEventEndIndex": 2 })),
        (&[NOW - 3 * DAY - 1, NOW - 3 * DAY], json!({ "expiredLogEventEndIndex": 1 })),
        (&[NOW - 14 * DAY - 2, NOW - 14 * DAY - 1], json!({ "tooOldLogEventEndIndex": 2 })),
    ];
    for (times, expected) in cases {
        let answer = put(times).await;
        let mut info = answer["rejectedLogEventsInfo"].clone();
        if let Value::Object(members) = &mut info {
            members.retain(|_, value| !value.is_null());
        }
        assert_eq!(info, expected, "{times:?}");
        assert_eq!(answer["nextSequenceToken"].as_str().map(str::len), Some(56));
    }
    let kept = house.ok("GetLogEvents", json!({ "logGroupName": "g", "logStreamName": "a" })).await;
    assert_eq!(messages(&kept).len(), 3);
}

#[tokio::test]
async fn reads_a_stream_both_ways() {
    let house = house().await;
    // Batches overlap in time, and lie further apart than a row is long.
    house.put("g", "a", &[(0, "1"), (900, "4"), (5000, "7")]).await;
    house.put("g", "a", &[(10, "2"), (500, "3"), (950, "5")]).await;
    house.put("g", "a", &[(950, "6"), (9000, "8")]).await;
    let all = ["1", "2", "3", "4", "5", "6", "7", "8"];
    for limit in 1..10 {
        let (forward, backward) = (walk(&house, limit, true).await, walk(&house, limit, false).await);
        assert_eq!((forward, backward), (all.map(String::from).to_vec(), all.map(String::from).to_vec()), "{limit}");
    }
}

/// Follows the tokens until one comes back unchanged; gives the messages in the order of their time.
async fn walk(house: &House, limit: usize, forward: bool) -> Vec<String> {
    let mut input = json!({ "logGroupName": "g", "logStreamName": "a", "limit": limit, "startFromHead": forward });
    let mut found = Vec::new();
    loop {
        let answer = house.ok("GetLogEvents", input.clone()).await;
        let page = messages(&answer);
        let token = &answer[if forward { "nextForwardToken" } else { "nextBackwardToken" }];
        if *token == input["nextToken"] {
            assert!(page.is_empty());
            return found;
        }
        input["nextToken"] = token.clone();
        found = if forward { [found, page].concat() } else { [page, found].concat() };
    }
}

#[tokio::test]
async fn turns_round_at_any_page() {
    let house = house().await;
    house.put("g", "a", &[(1, "1"), (2, "2"), (3, "3"), (4, "4")]).await;
    let get = async |token: &Value| {
        let mut input = json!({ "logGroupName": "g", "logStreamName": "a", "limit": 2, "startFromHead": true });
        input["nextToken"] = token.clone();
        house.ok("GetLogEvents", input).await
    };
    let first = get(&Value::Null).await;
    let second = get(&first["nextForwardToken"]).await;
    assert_eq!(messages(&second), ["3", "4"]);
    assert_eq!(messages(&get(&second["nextBackwardToken"]).await), ["1", "2"]);
    let end = get(&second["nextForwardToken"]).await;
    assert_eq!((messages(&end), &end["nextForwardToken"]), (vec![], &second["nextForwardToken"]));
    assert_eq!(messages(&get(&end["nextBackwardToken"]).await), ["3", "4"]);
    // What comes later is found from the token of the end.
    house.put("g", "a", &[(5, "5")]).await;
    assert_eq!(messages(&get(&end["nextForwardToken"]).await), ["5"]);
    let empty = json!({ "logGroupName": "g", "logStreamName": "b" });
    let token = house.ok("GetLogEvents", empty.clone()).await["nextForwardToken"].clone();
    house.put("g", "b", &[(0, "late")]).await;
    let mut input = empty;
    input["nextToken"] = token;
    assert_eq!(messages(&house.ok("GetLogEvents", input).await), ["late"]);
}

#[tokio::test]
async fn reads_a_range_of_time() {
    let house = house().await;
    house.put("g", "a", &[(0, "0"), (10, "10"), (20, "20")]).await;
    let get = json!({ "logGroupName": "g", "logStreamName": "a", "startTime": NOW + 10, "endTime": NOW + 20 });
    assert_eq!(messages(&house.ok("GetLogEvents", get).await), ["10"]);
    let filter = json!({ "logGroupName": "g", "startTime": NOW + 10, "endTime": NOW + 20 });
    assert_eq!(messages(&house.ok("FilterLogEvents", filter).await), ["10", "20"]);
    let turned = json!({ "logGroupName": "g", "startTime": 2, "endTime": 1 });
    assert_eq!(house.err("FilterLogEvents", turned).await.0, "InvalidParameterException");
}

#[tokio::test]
async fn merges_streams_page_by_page() {
    let house = house().await;
    house.put("g", "a", &[(0, "00"), (30, "30"), (3000, "3000")]).await;
    house.put("g", "b", &[(10, "10"), (30, "30b"), (2000, "2000")]).await;
    house.put("g", "c", &[(5, "05"), (2500, "2500")]).await;
    house.put("g", "a", &[(20, "20")]).await;
    let all = ["00", "05", "10", "20", "30", "30b", "2000", "2500", "3000"];
    for limit in 1..11 {
        let mut input = json!({ "logGroupName": "g", "limit": limit });
        let mut found = Vec::new();
        let mut ids = std::collections::BTreeSet::new();
        loop {
            let answer = house.ok("FilterLogEvents", input.clone()).await;
            found.extend(messages(&answer));
            ids.extend(answer["events"].as_array().into_iter().flatten().map(|e| e["eventId"].to_string()));
            match &answer["nextToken"] {
                Value::Null => break,
                token => input["nextToken"] = token.clone(),
            }
        }
        assert_eq!((found, ids.len()), (all.map(String::from).to_vec(), all.len()), "limit {limit}");
    }
}

#[tokio::test]
async fn filters() {
    let house = house().await;
    house.put("g", "a", &[(0, "ERROR one"), (1, r#"{"level":"ERROR","n":7}"#)]).await;
    house.put("g", "b", &[(2, "INFO two"), (3, "ERROR three")]).await;
    let cases = [
        (json!({ "filterPattern": "ERROR -one" }), vec![r#"{"level":"ERROR","n":7}"#, "ERROR three"]),
        (json!({ "filterPattern": "{ $.level = ERROR && $.n > 6 }" }), vec![r#"{"level":"ERROR","n":7}"#]),
        (json!({ "filterPattern": "[level = ERROR, word]" }), vec!["ERROR one", "ERROR three"]),
        (json!({ "logStreamNamePrefix": "b" }), vec!["INFO two", "ERROR three"]),
        (json!({ "logStreamNames": ["a", "none"], "filterPattern": "one" }), vec!["ERROR one"]),
    ];
    for (mut input, expected) in cases {
        input["logGroupName"] = json!("g");
        assert_eq!(messages(&house.ok("FilterLogEvents", input.clone()).await), expected, "{input}");
    }
    let both = json!({ "logGroupName": "g", "logStreamNames": ["a"], "logStreamNamePrefix": "a" });
    assert_eq!(house.err("FilterLogEvents", both).await.0, "InvalidParameterException");
}

#[tokio::test]
async fn pages_by_size() {
    let house = house().await;
    let half = "x".repeat(500_000);
    for t in 0..3 {
        house.put("g", "a", &[(t, half.as_str())]).await;
    }
    let answer = house.ok("FilterLogEvents", json!({ "logGroupName": "g" })).await;
    assert_eq!(messages(&answer).len(), 2);
    assert!(answer["nextToken"].is_string());
    let answer = house.ok("GetLogEvents", json!({ "logGroupName": "g", "logStreamName": "a" })).await;
    assert_eq!(messages(&answer).len(), 2);
}

#[tokio::test]
async fn expires_events() {
    let house = house().await;
    house.put("g", "a", &[(0, "old")]).await;
    house.put("g", "b", &[(0, "old")]).await;
    house.bench.clock.advance_ms(DAY - 5000);
    house.put("g", "a", &[(DAY - 5000, "new")]).await;
    house.ok("PutRetentionPolicy", json!({ "logGroupName": "g", "retentionInDays": 1 })).await;
    house.bench.clock.advance_ms(15_000);
    // Not shown at once, removed by the task.
    assert_eq!(messages(&house.ok("FilterLogEvents", json!({ "logGroupName": "g" })).await), ["new"]);
    let bytes = async || house.ok("DescribeLogGroups", json!({})).await["logGroups"][0]["storedBytes"].clone();
    assert_eq!(bytes().await, json!(29 * 3));
    house.logs.expire(NOW + DAY + 10_000).await.expect("the store works");
    assert_eq!(bytes().await, json!(29));
    house.ok("DeleteRetentionPolicy", json!({ "logGroupName": "g" })).await;
    assert_eq!(messages(&house.ok("FilterLogEvents", json!({ "logGroupName": "g" })).await), ["new"]);
}

#[tokio::test]
async fn removes_rows_of_deleted_streams() {
    let house = house().await;
    house.put("g", "a", &[(0, "x")]).await;
    house.put("g", "b", &[(0, "y")]).await;
    house.ok("DeleteLogStream", json!({ "logGroupName": "g", "logStreamName": "a" })).await;
    house.stream("g", "a").await;
    let answer = house.ok("FilterLogEvents", json!({ "logGroupName": "g" })).await;
    assert_eq!(messages(&answer), ["y"]);
    house.ok("DeleteLogGroup", json!({ "logGroupName": "g" })).await;
    let rows = || house.store.snapshot().scan(&crate::tables::ROWS, ()).count();
    assert_eq!(rows(), 2);
    house.logs.expire(NOW).await.expect("the store works");
    let deleted = house.store.snapshot().scan(&crate::tables::DELETED, ()).count();
    assert_eq!((rows(), deleted), (0, 0));
}
