//! Every operation four times: allowed, denied, with wrong input, and after a restart.

mod common;

use common::Session;
use serde_json::Value;
use tidegate_store::{Options, Store};

/// An operation, an input that works on the stage, one that is wrong (with the code that it gets), and the action that
/// it needs.
struct Row(&'static str, &'static str, &'static str, &'static str, &'static str);

const VALIDATION: &str = "ValidationException";
const MISSING: &str = "ResourceNotFoundException";

/// In the order in which they are called; those that destroy come last.
const ROWS: &[Row] = &[
    Row(
        "PutItem",
        r#"{"TableName":"tab","Item":{"pk":{"S":"b"},"v":{"N":"2"}}}"#,
        r#"{"TableName":"tab","Item":{}}"#,
        VALIDATION,
        "dynamodb:PutItem",
    ),
    Row(
        "UpdateItem",
        r#"{"TableName":"tab","Key":{"pk":{"S":"b"}},"UpdateExpression":"ADD v :v","ExpressionAttributeValues":{":v":{"N":"1"}}}"#,
        r#"{"TableName":"tab","Key":{"pk":{"S":"b"}},"UpdateExpression":"ADD"}"#,
        VALIDATION,
        "dynamodb:UpdateItem",
    ),
    Row(
        "DeleteItem",
        r#"{"TableName":"tab","Key":{"pk":{"S":"c"}}}"#,
        r#"{"TableName":"tab","Key":{}}"#,
        VALIDATION,
        "dynamodb:DeleteItem",
    ),
    Row(
        "BatchWriteItem",
        r#"{"RequestItems":{"tab":[{"PutRequest":{"Item":{"pk":{"S":"d"}}}}]}}"#,
        r#"{"RequestItems":{"tab":[]}}"#,
        VALIDATION,
        "dynamodb:BatchWriteItem",
    ),
    Row(
        "TransactWriteItems",
        r#"{"TransactItems":[{"Put":{"TableName":"tab","Item":{"pk":{"S":"e"}}}}]}"#,
        r#"{"TransactItems":[{}]}"#,
        VALIDATION,
        "dynamodb:PutItem",
    ),
    Row(
        "GetItem",
        r#"{"TableName":"tab","Key":{"pk":{"S":"b"}}}"#,
        r#"{"TableName":"tab"}"#,
        VALIDATION,
        "dynamodb:GetItem",
    ),
    Row(
        "BatchGetItem",
        r#"{"RequestItems":{"tab":{"Keys":[{"pk":{"S":"b"}}]}}}"#,
        r#"{"RequestItems":{}}"#,
        VALIDATION,
        "dynamodb:BatchGetItem",
    ),
    Row(
        "TransactGetItems",
        r#"{"TransactItems":[{"Get":{"TableName":"tab","Key":{"pk":{"S":"b"}}}}]}"#,
        r#"{"TransactItems":[]}"#,
        VALIDATION,
        "dynamodb:GetItem",
    ),
    Row(
        "Query",
        r#"{"TableName":"tab","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"b"}}}"#,
        r#"{"TableName":"tab"}"#,
        VALIDATION,
        "dynamodb:Query",
    ),
    Row("Scan", r#"{"TableName":"tab"}"#, r#"{"TableName":"tab","Limit":0}"#, VALIDATION, "dynamodb:Scan"),
    Row(
        "CreateTable",
        r#"{"TableName":"new","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}"#,
        r#"{"TableName":"tab"}"#,
        VALIDATION,
        "dynamodb:CreateTable",
    ),
    Row(
        "UpdateTable",
        r#"{"TableName":"tab","TableClass":"STANDARD_INFREQUENT_ACCESS"}"#,
        r#"{"TableName":"tab"}"#,
        VALIDATION,
        "dynamodb:UpdateTable",
    ),
    Row(
        "UpdateTimeToLive",
        r#"{"TableName":"tab","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"end"}}"#,
        r#"{"TableName":"tab"}"#,
        VALIDATION,
        "dynamodb:UpdateTimeToLive",
    ),
    Row(
        "UpdateContinuousBackups",
        r#"{"TableName":"tab","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}}"#,
        r#"{"TableName":"tab"}"#,
        VALIDATION,
        "dynamodb:UpdateContinuousBackups",
    ),
    Row(
        "TagResource",
        r#"{"ResourceArn":"ARN","Tags":[{"Key":"a","Value":"1"}]}"#,
        r#"{"ResourceArn":"ARNx","Tags":[]}"#,
        MISSING,
        "dynamodb:TagResource",
    ),
    Row(
        "UntagResource",
        r#"{"ResourceArn":"ARN","TagKeys":["b"]}"#,
        r#"{"ResourceArn":"ARNx","TagKeys":[]}"#,
        MISSING,
        "dynamodb:UntagResource",
    ),
    Row(
        "PutResourcePolicy",
        r#"{"ResourceArn":"ARN","Policy":"{}"}"#,
        r#"{"ResourceArn":"ARN","Policy":"x"}"#,
        VALIDATION,
        "dynamodb:PutResourcePolicy",
    ),
    Row("DescribeTable", r#"{"TableName":"tab"}"#, "{}", VALIDATION, "dynamodb:DescribeTable"),
    Row("DescribeTimeToLive", r#"{"TableName":"tab"}"#, "{}", VALIDATION, "dynamodb:DescribeTimeToLive"),
    Row("DescribeContinuousBackups", r#"{"TableName":"tab"}"#, "{}", VALIDATION, "dynamodb:DescribeContinuousBackups"),
    Row(
        "ListTagsOfResource",
        r#"{"ResourceArn":"ARN"}"#,
        r#"{"ResourceArn":"x"}"#,
        VALIDATION,
        "dynamodb:ListTagsOfResource",
    ),
    Row(
        "GetResourcePolicy",
        r#"{"ResourceArn":"ARN"}"#,
        r#"{"ResourceArn":"x"}"#,
        VALIDATION,
        "dynamodb:GetResourcePolicy",
    ),
    Row("ListTables", "{}", r#"{"Limit":0}"#, VALIDATION, "dynamodb:ListTables"),
    Row("DescribeLimits", "{}", "", "", "dynamodb:DescribeLimits"),
    Row("DescribeEndpoints", "{}", "", "", "dynamodb:DescribeEndpoints"),
    Row(
        "DeleteResourcePolicy",
        r#"{"ResourceArn":"ARN"}"#,
        r#"{"ResourceArn":"ARNx"}"#,
        MISSING,
        "dynamodb:DeleteResourcePolicy",
    ),
    Row("DeleteTable", r#"{"TableName":"new"}"#, r#"{"TableName":"nope"}"#, MISSING, "dynamodb:DeleteTable"),
];

fn input(text: &str) -> String {
    text.replace("ARN", "arn:aws:dynamodb:us-east-1:000000000000:table/tab")
}

fn reads(operation: &str) -> bool {
    ["Get", "Batch", "Query", "Scan", "Describe", "List", "TransactGet"].iter().any(|p| operation.starts_with(p))
        && operation != "BatchWriteItem"
}

async fn stage(store: Store) -> Session {
    let s = Session::on(store);
    s.table(false).await;
    s.put(r#"{"pk":{"S":"c"}}"#).await;
    s
}

#[test]
fn no_operation_is_left_out() {
    let mut swept: Vec<_> = ROWS.iter().map(|row| row.0).collect();
    let mut offered: Vec<_> =
        <tidegate_dynamodb::DynamoDb as tidegate_core::Service>::OPERATIONS.iter().map(|row| row.name).collect();
    swept.sort_unstable();
    offered.sort_unstable();
    assert_eq!(swept, offered);
}

#[tokio::test]
async fn allowed_calls_succeed() {
    let s = stage(Store::memory()).await;
    for Row(operation, good, ..) in ROWS {
        s.ok(operation, &input(good)).await;
    }
}

#[tokio::test]
async fn denied_calls_change_nothing() {
    let s = stage(Store::memory()).await;
    s.ok("PutResourcePolicy", &input(r#"{"ResourceArn":"ARN","Policy":"{}"}"#)).await;
    let before = s.ok("Scan", r#"{"TableName":"tab"}"#).await;
    let table = s.ok("DescribeTable", r#"{"TableName":"tab"}"#).await;
    let fresh = Session::on(s.db.store().clone());
    for Row(_, _, _, _, action) in ROWS {
        fresh.bench.denied.deny(action);
    }
    for Row(operation, good, _, _, action) in ROWS {
        let (code, message) = fresh.err(operation, &input(good)).await;
        assert_eq!(code, "AccessDeniedException", "{operation}");
        assert!(message.contains(&format!("is not authorized to perform: {action} on resource: ")), "{message}");
    }
    assert_eq!(s.ok("Scan", r#"{"TableName":"tab"}"#).await, before);
    assert_eq!(s.ok("DescribeTable", r#"{"TableName":"tab"}"#).await, table);
}

#[tokio::test]
async fn wrong_calls_are_told() {
    let s = stage(Store::memory()).await;
    s.ok("PutResourcePolicy", &input(r#"{"ResourceArn":"ARN","Policy":"{}"}"#)).await;
    for Row(operation, _, wrong, code, _) in ROWS.iter().filter(|row| !row.2.is_empty()) {
        assert_eq!(s.err(operation, &input(wrong)).await.0, *code, "{operation}");
    }
}

#[tokio::test]
async fn a_restart_loses_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path(), Options::default()).unwrap();
    let s = stage(store.clone()).await;
    let (ends, lasts): (Vec<_>, Vec<_>) =
        ROWS.iter().partition(|row| row.0.starts_with("Delete") && row.0 != "DeleteItem");
    for Row(operation, good, ..) in lasts.iter().filter(|row| !reads(row.0)) {
        s.ok(operation, &input(good)).await;
    }
    let answers = async |s: &Session| {
        let mut all: Vec<Value> = Vec::new();
        for Row(operation, good, ..) in lasts.iter().filter(|row| reads(row.0)) {
            all.push(s.ok(operation, &input(good)).await);
        }
        all
    };
    let before = answers(&s).await;
    drop(s);
    store.close().unwrap();
    drop(store);
    let s = Session::on(Store::open(directory.path(), Options::default()).unwrap());
    assert_eq!(answers(&s).await, before);
    for Row(operation, good, ..) in ends {
        s.ok(operation, &input(good)).await;
    }
}

#[tokio::test]
async fn tags_on_new_tables_need_permission() {
    let s = Session::new();
    s.bench.denied.deny("dynamodb:TagResource");
    s.table(false).await;
    let tagged = r#"{"TableName":"new","BillingMode":"PAY_PER_REQUEST","Tags":[{"Key":"a","Value":"b"}],
        "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}"#;
    assert_eq!(s.err("CreateTable", tagged).await.0, "AccessDeniedException");
}
