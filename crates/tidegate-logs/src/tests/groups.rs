//! Groups and streams: paging, order, texts, separation.

use super::House;
use serde_json::{Value, json};
use tidegate_core::Context;

fn names(answer: &Value, list: &str, member: &str) -> Vec<String> {
    let entries = answer[list].as_array().expect("a list");
    entries.iter().map(|entry| entry[member].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn describes_groups_page_by_page() {
    let house = House::new();
    for name in ["a1", "a2", "a3", "b1", "B1"] {
        house.group(name).await;
    }
    let cases = [
        (json!({}), vec!["B1", "a1", "a2", "a3", "b1"]),
        (json!({ "logGroupNamePrefix": "a" }), vec!["a1", "a2", "a3"]),
        (json!({ "logGroupNamePattern": "1" }), vec!["B1", "a1", "b1"]),
        (json!({ "logGroupNamePattern": "b" }), vec!["b1"]),
        (
            json!({ "logGroupIdentifiers": ["a1", "arn:aws:logs:us-east-1:000000000000:log-group:b1:*"] }),
            vec!["a1", "b1"],
        ),
        (json!({ "logGroupClass": "INFREQUENT_ACCESS" }), vec![]),
    ];
    for (input, expected) in cases {
        for limit in 1..4 {
            let mut found = Vec::new();
            let mut input = input.clone();
            input["limit"] = json!(limit);
            loop {
                let answer = house.ok("DescribeLogGroups", input.clone()).await;
                found.extend(names(&answer, "logGroups", "logGroupName"));
                match &answer["nextToken"] {
                    Value::Null => break,
                    token => input["nextToken"] = token.clone(),
                }
            }
            assert_eq!(found, expected, "{input}");
        }
    }
}

#[tokio::test]
async fn describes_a_group_as_terraform_reads_it() {
    let house = House::new();
    house.ok("CreateLogGroup", json!({ "logGroupName": "/aws/lambda/f", "tags": { "Environment": "dev" } })).await;
    house.ok("PutRetentionPolicy", json!({ "logGroupName": "/aws/lambda/f", "retentionInDays": 14 })).await;
    let answer = house.ok("DescribeLogGroups", json!({ "logGroupNamePrefix": "/aws/lambda/f" })).await;
    let expected = json!({
        "logGroupName": "/aws/lambda/f", "creationTime": super::NOW, "retentionInDays": 14, "metricFilterCount": 0,
        "arn": "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f:*", "storedBytes": 0,
        "logGroupClass": "STANDARD", "logGroupArn": "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f",
        "deletionProtectionEnabled": false,
    });
    assert_eq!(answer["logGroups"][0], expected);
}

#[tokio::test]
async fn orders_streams() {
    let house = House::new();
    house.group("g").await;
    for (stream, time) in [("a", 30), ("b", 10), ("c", 20), ("d", 0)] {
        house.stream("g", stream).await;
        if time > 0 {
            house.put("g", stream, &[(time, "x")]).await;
        }
    }
    let cases = [
        (json!({}), "abcd"),
        (json!({ "descending": true }), "dcba"),
        (json!({ "orderBy": "LastEventTime" }), "dbca"),
        (json!({ "orderBy": "LastEventTime", "descending": true }), "acbd"),
        (json!({ "logStreamNamePrefix": "c" }), "c"),
    ];
    for (order, expected) in cases {
        for limit in 1..6 {
            let mut input = order.clone();
            input["logGroupName"] = json!("g");
            input["limit"] = json!(limit);
            let mut found = String::new();
            loop {
                let answer = house.ok("DescribeLogStreams", input.clone()).await;
                found.extend(names(&answer, "logStreams", "logStreamName"));
                match &answer["nextToken"] {
                    Value::Null => break,
                    token => input["nextToken"] = token.clone(),
                }
            }
            assert_eq!(found, expected, "{input}");
        }
    }
}

#[tokio::test]
async fn says_what_aws_says() {
    let house = House::new();
    house.group("g").await;
    house.stream("g", "s").await;
    let s = json!({ "logGroupName": "g", "logStreamName": "s" });
    let token = house.ok("GetLogEvents", s.clone()).await["nextForwardToken"].clone();
    let foreign = "arn:aws:logs:eu-west-1:000000000000:log-group:g";
    let cases = [
        ("CreateLogGroup", json!({ "logGroupName": "g" }), "The specified log group already exists"),
        ("CreateLogStream", s, "The specified log stream already exists"),
        ("DeleteLogGroup", json!({ "logGroupName": "x" }), "The specified log group does not exist."),
        (
            "DeleteLogStream",
            json!({ "logGroupName": "x", "logStreamName": "s" }),
            "The specified log group does not exist.",
        ),
        (
            "DeleteLogStream",
            json!({ "logGroupName": "g", "logStreamName": "x" }),
            "The specified log stream does not exist.",
        ),
        ("DescribeLogStreams", json!({}), "Specify either logGroupName or logGroupIdentifier."),
        (
            "DescribeLogStreams",
            json!({ "logGroupName": "g", "orderBy": "LastEventTime", "logStreamNamePrefix": "s" }),
            "Cannot order by LastEventTime with a logStreamNamePrefix.",
        ),
        ("DescribeLogGroups", json!({ "nextToken": "g" }), "The specified nextToken is invalid."),
        ("DescribeLogStreams", json!({ "logGroupName": "g", "nextToken": "x" }), "The specified nextToken is invalid."),
        ("FilterLogEvents", json!({ "logGroupName": "g", "nextToken": token }), "The specified nextToken is invalid."),
        (
            "FilterLogEvents",
            json!({ "logGroupIdentifier": foreign }),
            "The ARN arn:aws:logs:eu-west-1:000000000000:log-group:g is not one of a log group of this account and region.",
        ),
        (
            "FilterLogEvents",
            json!({ "logGroupName": "g", "filterPattern": "a-b" }),
            "Invalid character(s) in term 'a-b'",
        ),
        ("CreateLogGroup", json!({ "logGroupName": "k", "kmsKeyId": "x" }), "kmsKeyId is not supported."),
    ];
    for (operation, input, expected) in cases {
        assert_eq!(house.err(operation, input).await.1, expected, "{operation}");
    }
}

#[tokio::test]
async fn keeps_regions_and_accounts_apart() {
    let house = House::new();
    house.group("g").await;
    let elsewhere = Context { region: "eu-west-1".parse().expect("a region"), ..house.bench.cx.clone() };
    let other = Context { account: "111111111111".parse().expect("an account"), ..house.bench.cx.clone() };
    for cx in [elsewhere, other] {
        let answer = house.call_as(&cx, "DescribeLogGroups", json!({})).await.expect("groups");
        assert_eq!(answer["logGroups"], json!([]));
    }
}

#[tokio::test]
async fn protects_from_deletion() {
    let house = House::new();
    house.ok("CreateLogGroup", json!({ "logGroupName": "g", "deletionProtectionEnabled": true })).await;
    assert_eq!(house.err("DeleteLogGroup", json!({ "logGroupName": "g" })).await.0, "ValidationException");
    let off = json!({ "logGroupIdentifier": "g", "deletionProtectionEnabled": false });
    house.ok("PutLogGroupDeletionProtection", off).await;
    house.ok("DeleteLogGroup", json!({ "logGroupName": "g" })).await;
}

#[tokio::test]
async fn limits_tags() {
    let house = House::new();
    house.group("g").await;
    let tags: serde_json::Map<String, Value> = (0..50).map(|n| (format!("k{n}"), json!("v"))).collect();
    house.ok("TagLogGroup", json!({ "logGroupName": "g", "tags": tags })).await;
    let more = json!({ "logGroupName": "g", "tags": { "one-more": "v" } });
    assert_eq!(house.err("TagLogGroup", more).await.0, "TooManyTagsException");
    let again = json!({ "logGroupName": "g", "tags": { "k0": "w" } });
    house.ok("TagLogGroup", again).await;
}
