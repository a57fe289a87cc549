//! Each operation: allowed, denied, with a wrong input, and after a restart.

use super::{House, NOW};
use crate::Logs;
use serde_json::{Value, json};
use tidegate_core::Service;

const ARN: &str = "arn:aws:logs:us-east-1:000000000000:log-group:g";

struct Case {
    name: &'static str,
    input: Value,
    /// An input that is refused, and the code of the refusal.
    wrong: (Value, &'static str),
    /// An operation that shows the effect, its input, and where in the answer it is to be seen, with what value.
    shows: (&'static str, Value, &'static str, Value),
}

fn groups(pointer: &'static str, value: Value) -> (&'static str, Value, &'static str, Value) {
    ("DescribeLogGroups", json!({}), pointer, value)
}

fn tags(value: Value) -> (&'static str, Value, &'static str, Value) {
    ("ListTagsForResource", json!({ "resourceArn": ARN }), "/tags", value)
}

fn streams(pointer: &'static str, value: Value) -> (&'static str, Value, &'static str, Value) {
    ("DescribeLogStreams", json!({ "logGroupName": "g" }), pointer, value)
}

const NO_SUCH: &str = "ResourceNotFoundException";
const INVALID: &str = "InvalidParameterException";

fn cases() -> Vec<Case> {
    [group_cases(), stream_cases(), tag_cases()].into_iter().flatten().collect()
}

fn case(
    name: &'static str,
    input: Value,
    wrong: (Value, &'static str),
    shows: (&'static str, Value, &'static str, Value),
) -> Case {
    Case { name, input, wrong, shows }
}

fn group_cases() -> Vec<Case> {
    let none = json!({ "logGroupName": "none" });
    let g = json!({ "logGroupName": "g" });
    vec![
        case(
            "CreateLogGroup",
            json!({ "logGroupName": "h", "tags": { "a": "b" } }),
            (g.clone(), "ResourceAlreadyExistsException"),
            groups("/logGroups/1/logGroupName", json!("h")),
        ),
        case("DeleteLogGroup", g.clone(), (none.clone(), NO_SUCH), groups("/logGroups", json!([]))),
        case(
            "PutRetentionPolicy",
            json!({ "logGroupName": "g", "retentionInDays": 14 }),
            (json!({ "logGroupName": "g", "retentionInDays": 15 }), INVALID),
            groups("/logGroups/0/retentionInDays", json!(14)),
        ),
        case(
            "DeleteRetentionPolicy",
            g.clone(),
            (none.clone(), NO_SUCH),
            groups("/logGroups/0/retentionInDays", Value::Null),
        ),
        case(
            "DescribeLogGroups",
            json!({}),
            (json!({ "logGroupNamePrefix": "a", "logGroupNamePattern": "b" }), INVALID),
            groups("/logGroups/0/arn", json!(format!("{ARN}:*"))),
        ),
        case(
            "ListLogGroups",
            json!({}),
            (json!({ "dataSources": [] }), "NotImplemented"),
            ("ListLogGroups", json!({ "logGroupNamePattern": "x|^g" }), "/logGroups/0/logGroupArn", json!(ARN)),
        ),
        case(
            "PutLogGroupDeletionProtection",
            json!({ "logGroupIdentifier": "g", "deletionProtectionEnabled": true }),
            (json!({ "logGroupIdentifier": "none", "deletionProtectionEnabled": true }), NO_SUCH),
            groups("/logGroups/0/deletionProtectionEnabled", json!(true)),
        ),
    ]
}

fn stream_cases() -> Vec<Case> {
    let none = json!({ "logGroupName": "none" });
    let g = json!({ "logGroupName": "g" });
    let s = json!({ "logGroupName": "g", "logStreamName": "s" });
    let put = |message: &str| json!([{ "timestamp": NOW, "message": message }]);
    vec![
        case(
            "CreateLogStream",
            json!({ "logGroupName": "g", "logStreamName": "t" }),
            (s.clone(), "ResourceAlreadyExistsException"),
            streams("/logStreams/1/logStreamName", json!("t")),
        ),
        case(
            "DeleteLogStream",
            s.clone(),
            (json!({ "logGroupName": "g", "logStreamName": "none" }), NO_SUCH),
            streams("/logStreams", json!([])),
        ),
        case(
            "DescribeLogStreams",
            g.clone(),
            (none.clone(), NO_SUCH),
            streams("/logStreams/0/logStreamName", json!("s")),
        ),
        case(
            "PutLogEvents",
            json!({ "logGroupName": "g", "logStreamName": "s", "logEvents": put("new") }),
            (json!({ "logGroupName": "g", "logStreamName": "none", "logEvents": put("x") }), NO_SUCH),
            ("GetLogEvents", s.clone(), "/events/1/message", json!("new")),
        ),
        case(
            "GetLogEvents",
            s.clone(),
            (json!({ "logGroupName": "g", "logStreamName": "s", "nextToken": "x" }), INVALID),
            ("GetLogEvents", s.clone(), "/events/0/message", json!("old")),
        ),
        case(
            "FilterLogEvents",
            g.clone(),
            (json!({ "logGroupName": "g", "filterPattern": "{" }), INVALID),
            ("FilterLogEvents", json!({ "logGroupIdentifier": ARN }), "/events/0/logStreamName", json!("s")),
        ),
        case(
            "TestMetricFilter",
            json!({ "filterPattern": "a", "logEventMessages": ["b"] }),
            (json!({ "filterPattern": "[a", "logEventMessages": ["b"] }), INVALID),
            (
                "TestMetricFilter",
                json!({ "filterPattern": "[x, y]", "logEventMessages": ["b", "c d"] }),
                "/matches/0",
                json!({ "eventNumber": 2, "eventMessage": "c d", "extractedValues": { "$x": "c", "$y": "d" } }),
            ),
        ),
    ]
}

fn tag_cases() -> Vec<Case> {
    let none = json!({ "logGroupName": "none" });
    let g = json!({ "logGroupName": "g" });
    vec![
        case(
            "TagResource",
            json!({ "resourceArn": ARN, "tags": { "n": "1" } }),
            (json!({ "resourceArn": "arn:aws:s3:::x", "tags": {} }), INVALID),
            tags(json!({ "k": "v", "n": "1" })),
        ),
        case(
            "UntagResource",
            json!({ "resourceArn": ARN, "tagKeys": ["k", "none"] }),
            (json!({ "resourceArn": format!("{ARN}x"), "tagKeys": [] }), NO_SUCH),
            tags(json!({})),
        ),
        case(
            "ListTagsForResource",
            json!({ "resourceArn": ARN }),
            (json!({ "resourceArn": format!("{ARN}x") }), NO_SUCH),
            tags(json!({ "k": "v" })),
        ),
        case(
            "TagLogGroup",
            json!({ "logGroupName": "g", "tags": { "n": "1" } }),
            (json!({ "logGroupName": "g", "tags": { "aws:x": "1" } }), INVALID),
            tags(json!({ "k": "v", "n": "1" })),
        ),
        case(
            "UntagLogGroup",
            json!({ "logGroupName": "g", "tags": ["k"] }),
            (json!({ "logGroupName": "none", "tags": ["k"] }), NO_SUCH),
            tags(json!({})),
        ),
        case(
            "ListTagsLogGroup",
            g.clone(),
            (none.clone(), NO_SUCH),
            ("ListTagsLogGroup", g.clone(), "/tags/k", json!("v")),
        ),
    ]
}

async fn house() -> House {
    filled(House::new()).await
}

async fn filled(house: House) -> House {
    house.ok("CreateLogGroup", json!({ "logGroupName": "g", "tags": { "k": "v" } })).await;
    house.stream("g", "s").await;
    house.put("g", "s", &[(0, "old")]).await;
    house
}

#[test]
fn covers_every_operation() {
    let mut covered: Vec<&str> = cases().iter().map(|case| case.name).collect();
    covered.sort_unstable();
    let mut offered: Vec<&str> = Logs::OPERATIONS.iter().map(|row| row.name).collect();
    offered.sort_unstable();
    assert_eq!(covered, offered);
    assert!(Logs::OPERATIONS.iter().all(|row| row.action == format!("logs:{}", row.name)));
}

#[tokio::test]
async fn allows_and_lasts() {
    for case in cases() {
        let house = filled(House::on_disk()).await;
        house.ok(case.name, case.input).await;
        let (operation, input, pointer, value) = case.shows;
        let shown = house.restarted().ok(operation, input).await;
        assert_eq!(shown.pointer(pointer), Some(&value), "{}: {shown}", case.name);
    }
}

#[tokio::test]
async fn denies() {
    for case in cases() {
        let house = house().await;
        house.bench.denied.deny(&format!("logs:{}", case.name));
        let error = house.call(case.name, case.input).await.expect_err(case.name);
        assert_eq!((error.status, error.code.as_ref()), (403, "AccessDeniedException"), "{}", case.name);
    }
}

#[tokio::test]
async fn refuses_wrong_input() {
    for case in cases() {
        let (code, message) = house().await.err(case.name, case.wrong.0).await;
        assert_eq!(code, case.wrong.1, "{}: {message}", case.name);
        assert!(!message.is_empty());
    }
}

/// What IAM is asked about: AWS' ARNs end in `:log-stream:` for actions on groups, but for tagging by ARN.
#[tokio::test]
async fn names_resources_as_aws_does() {
    let cases = [
        ("CreateLogGroup", json!({ "logGroupName": "/a/b" }), "log-group:/a/b:log-stream:"),
        (
            "PutLogEvents",
            json!({ "logGroupName": "g", "logStreamName": "s", "logEvents": [] }),
            "log-group:g:log-stream:s",
        ),
        ("CreateLogStream", json!({ "logGroupName": "g", "logStreamName": "s" }), "log-group:g:log-stream:s"),
        ("DescribeLogGroups", json!({ "logGroupNamePrefix": "g" }), "log-group::log-stream:"),
        ("FilterLogEvents", json!({ "logGroupName": "g" }), "log-group:g:log-stream:"),
        ("ListTagsForResource", json!({ "resourceArn": ARN }), "log-group:g because"),
    ];
    for (operation, input, resource) in cases {
        let house = house().await;
        house.bench.denied.deny(&format!("logs:{operation}"));
        let (_, message) = house.err(operation, input).await;
        let arn = format!("on resource: arn:aws:logs:us-east-1:000000000000:{resource}");
        assert!(message.contains(&arn), "{operation}: {message}");
    }
}
