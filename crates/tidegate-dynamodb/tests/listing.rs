//! Queries, scans and indexes.

mod common;

use common::{Session, json};
use serde_json::Value;

/// A table `tab` (pk S, sk N) with a global index `gsi` (g S, sk N; all), a sparse one `keys` (k S; keys only) and a
/// local one `lsi` (pk, l S; includes `inc`).
async fn indexed() -> Session {
    let s = Session::new();
    s.ok(
        "CreateTable",
        r#"{"TableName":"tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
            {"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"},
            {"AttributeName":"g","AttributeType":"S"},{"AttributeName":"k","AttributeType":"S"},{"AttributeName":"l","AttributeType":"S"}],
            "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
            "GlobalSecondaryIndexes":[
              {"IndexName":"gsi","KeySchema":[{"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}},
              {"IndexName":"keys","KeySchema":[{"AttributeName":"k","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}],
            "LocalSecondaryIndexes":[
              {"IndexName":"lsi","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"l","KeyType":"RANGE"}],
               "Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["inc"]}}]}"#,
    )
    .await;
    s
}

fn numbers(answer: &Value, attribute: &str) -> Vec<i64> {
    let items = answer["Items"].as_array().unwrap();
    items.iter().map(|i| i[attribute]["N"].as_str().unwrap().parse().unwrap()).collect()
}

fn query(condition: &str, values: &str, more: &str) -> String {
    format!(
        r#"{{"TableName":"tab","KeyConditionExpression":"{condition}","ExpressionAttributeValues":{{":p":{{"S":"a"}}{values}}}{more}}}"#
    )
}

#[tokio::test]
async fn queries_follow_the_sort_key() {
    let s = Session::new();
    s.table(true).await;
    for n in [-20, -3, 0, 1, 2, 10, 100] {
        s.put(&format!(r#"{{"pk":{{"S":"a"}},"sk":{{"N":"{n}"}}}}"#)).await;
        s.put(&format!(r#"{{"pk":{{"S":"ab"}},"sk":{{"N":"{n}"}}}}"#)).await;
    }
    let v = r#","V":{"N":"2"}"#.replace("\"V\"", "\":v\"");
    let w = r#","V":{"N":"-3"},"W":{"N":"2"}"#.replace("\"V\"", "\":v\"").replace("\"W\"", "\":w\"");
    let cases: [(&str, &str, &[i64]); 7] = [
        ("pk = :p", "", &[-20, -3, 0, 1, 2, 10, 100]),
        ("pk = :p AND sk = :v", &v, &[2]),
        ("pk = :p AND sk < :v", &v, &[-20, -3, 0, 1]),
        ("pk = :p AND sk <= :v", &v, &[-20, -3, 0, 1, 2]),
        ("sk > :v AND pk = :p", &v, &[10, 100]),
        ("pk = :p AND :v <= sk", &v, &[2, 10, 100]),
        ("pk = :p AND sk BETWEEN :v AND :w", &w, &[-3, 0, 1, 2]),
    ];
    for (condition, values, expect) in cases {
        let forward = s.ok("Query", &query(condition, values, "")).await;
        assert_eq!(numbers(&forward, "sk"), expect, "{condition}");
        let mut backward =
            numbers(&s.ok("Query", &query(condition, values, r#","ScanIndexForward":false"#)).await, "sk");
        backward.reverse();
        assert_eq!(backward, expect, "{condition}");
    }
}

#[tokio::test]
async fn pages_join_without_gap_or_overlap() {
    let s = Session::new();
    s.table(true).await;
    for n in 0..10 {
        s.put(&format!(r#"{{"pk":{{"S":"a"}},"sk":{{"N":"{n}"}}}}"#)).await;
    }
    for (forward, limit) in [(true, 3), (false, 3), (true, 10), (false, 1)] {
        let mut all = Vec::new();
        let mut start = String::new();
        loop {
            let more = format!(r#","Limit":{limit},"ScanIndexForward":{forward}{start}"#);
            let page = s.ok("Query", &query("pk = :p", "", &more)).await;
            all.extend(numbers(&page, "sk"));
            let Some(last) = page.get("LastEvaluatedKey") else { break };
            start = format!(r#","ExclusiveStartKey":{last}"#);
        }
        let expect: Vec<i64> = if forward { (0..10).collect() } else { (0..10).rev().collect() };
        assert_eq!(all, expect, "{forward} {limit}");
    }
}

#[tokio::test]
async fn a_page_ends_at_one_megabyte() {
    let s = Session::new();
    s.table(true).await;
    let big = "x".repeat(300_000);
    for n in 0..5 {
        s.put(&format!(r#"{{"pk":{{"S":"a"}},"sk":{{"N":"{n}"}},"v":{{"S":"{big}"}}}}"#)).await;
    }
    let page = s.ok("Query", &query("pk = :p", "", r#","Select":"COUNT","ReturnConsumedCapacity":"TOTAL""#)).await;
    assert_eq!((page["Count"].as_u64(), page["ScannedCount"].as_u64(), page.get("Items")), (Some(3), Some(3), None));
    assert_eq!(page["LastEvaluatedKey"], json(r#"{"pk":{"S":"a"},"sk":{"N":"2"}}"#));
    assert_eq!(page["ConsumedCapacity"]["CapacityUnits"].as_f64(), Some(110.0));
}

#[tokio::test]
async fn filters_come_after_the_limit() {
    let s = Session::new();
    s.table(true).await;
    for n in 0..6 {
        s.put(&format!(r#"{{"pk":{{"S":"a"}},"sk":{{"N":"{n}"}},"odd":{{"BOOL":{}}}}}"#, n % 2 == 1)).await;
    }
    let values = r#",":t":{"BOOL":true}"#;
    let page = s
        .ok(
            "Query",
            &query("pk = :p", values, r#","FilterExpression":"odd = :t","Limit":4,"ProjectionExpression":"sk""#),
        )
        .await;
    assert_eq!(page["Items"], json(r#"[{"sk":{"N":"1"}},{"sk":{"N":"3"}}]"#));
    assert_eq!((page["Count"].as_u64(), page["ScannedCount"].as_u64()), (Some(2), Some(4)));
    let refused = query("pk = :p", r#",":t":{"N":"1"}"#, r#","FilterExpression":"sk = :t""#);
    assert_eq!(
        s.err("Query", &refused).await.1,
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk"
    );
}

#[tokio::test]
async fn indexes_follow_their_items() {
    let s = indexed().await;
    s.put(r#"{"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":"x"},"l":{"S":"m"},"inc":{"N":"7"},"other":{"N":"8"}}"#).await;
    s.put(r#"{"pk":{"S":"b"},"sk":{"N":"2"},"g":{"S":"x"},"k":{"S":"only"}}"#).await;
    s.put(r#"{"pk":{"S":"c"},"sk":{"N":"0"},"g":{"S":"y"}}"#).await;
    let by = |index: &str, name: &str, value: &str| {
        format!(
            r#"{{"TableName":"tab","IndexName":"{index}","KeyConditionExpression":"{name} = :v","ExpressionAttributeValues":{{":v":{{"S":"{value}"}}}}}}"#
        )
    };
    assert_eq!(numbers(&s.ok("Query", &by("gsi", "g", "x")).await, "sk"), [1, 2]);
    let keys = s.ok("Query", &by("keys", "k", "only")).await;
    assert_eq!(keys["Items"], json(r#"[{"pk":{"S":"b"},"sk":{"N":"2"},"k":{"S":"only"}}]"#));
    let local = s.ok("Query", &by("lsi", "pk", "a")).await;
    assert_eq!(local["Items"], json(r#"[{"pk":{"S":"a"},"sk":{"N":"1"},"l":{"S":"m"},"inc":{"N":"7"}}]"#));
    let whole = by("lsi", "pk", "a").replace("\"IndexName\"", "\"Select\":\"ALL_ATTRIBUTES\",\"IndexName\"");
    assert_eq!(s.ok("Query", &whole).await["Items"][0]["other"], json(r#"{"N":"8"}"#));
    // A key that changes moves the entry, one that goes takes it along.
    let update = |expression: &str| {
        format!(
            r#"{{"TableName":"tab","Key":{{"pk":{{"S":"b"}},"sk":{{"N":"2"}}}},"UpdateExpression":"{expression}","ExpressionAttributeValues":{{":y":{{"S":"y"}}}}}}"#
        )
    };
    s.ok("UpdateItem", &update("SET g = :y REMOVE k")).await;
    assert_eq!(numbers(&s.ok("Query", &by("gsi", "g", "x")).await, "sk"), [1]);
    assert_eq!(numbers(&s.ok("Query", &by("gsi", "g", "y")).await, "sk"), [0, 2]);
    assert_eq!(s.ok("Query", &by("keys", "k", "only")).await["Count"], 0);
    s.ok("DeleteItem", r#"{"TableName":"tab","Key":{"pk":{"S":"c"},"sk":{"N":"0"}}}"#).await;
    assert_eq!(numbers(&s.ok("Query", &by("gsi", "g", "y")).await, "sk"), [2]);
    assert_eq!(s.ok("Scan", r#"{"TableName":"tab","IndexName":"gsi"}"#).await["Count"], 2);
}

#[tokio::test]
async fn index_keys_are_checked_on_every_way_in() {
    let s = indexed().await;
    let put = |g: &str| format!(r#"{{"TableName":"tab","Item":{{"pk":{{"S":"a"}},"sk":{{"N":"1"}},"g":{g}}}}}"#);
    assert_eq!(
        s.err("PutItem", &put(r#"{"N":"1"}"#)).await.1,
        "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi"
    );
    assert_eq!(
        s.err("PutItem", &put(r#"{"S":""}"#)).await.1,
        "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: gsi, IndexKey: g"
    );
    let update = r#"{"TableName":"tab","Key":{"pk":{"S":"a"},"sk":{"N":"1"}},"UpdateExpression":"SET g = :g","ExpressionAttributeValues":{":g":{"N":"1"}}}"#;
    assert_eq!(
        s.err("UpdateItem", update).await.1,
        "The update expression attempted to update the secondary index key to unsupported type"
    );
    let batch = r#"{"RequestItems":{"tab":[{"PutRequest":{"Item":{"pk":{"S":"z"},"sk":{"N":"1"}}}},{"PutRequest":{"Item":{"pk":{"S":"a"},"sk":{"N":"1"},"g":{"N":"1"}}}}]}}"#;
    assert_eq!(s.err("BatchWriteItem", batch).await.0, "ValidationException");
    assert_eq!(s.ok("Scan", r#"{"TableName":"tab"}"#).await["Count"], 0);
}

#[tokio::test]
async fn index_changes_cost_what_they_change() {
    let s = indexed().await;
    let put = |rest: &str| {
        format!(
            r#"{{"TableName":"tab","ReturnConsumedCapacity":"INDEXES","Item":{{"pk":{{"S":"a"}},"sk":{{"N":"1"}}{rest}}}}}"#
        )
    };
    let consumed = |answer: Value| {
        let c = &answer["ConsumedCapacity"];
        let of = |kind: &str, name: &str| c[kind][name]["CapacityUnits"].as_f64().unwrap_or(0.0);
        (c["CapacityUnits"].as_f64().unwrap(), of("GlobalSecondaryIndexes", "gsi"), of("LocalSecondaryIndexes", "lsi"))
    };
    assert_eq!(consumed(s.ok("PutItem", &put("")).await), (1.0, 0.0, 0.0));
    assert_eq!(consumed(s.ok("PutItem", &put(r#","g":{"S":"x"},"l":{"S":"m"}"#)).await), (3.0, 1.0, 1.0));
    // Nothing in the indexes' view changes.
    assert_eq!(consumed(s.ok("PutItem", &put(r#","g":{"S":"x"},"l":{"S":"m"}"#)).await), (1.0, 0.0, 0.0));
    // A moved key is two writes, a removed one is one.
    assert_eq!(consumed(s.ok("PutItem", &put(r#","g":{"S":"y"},"l":{"S":"m"}"#)).await), (3.0, 2.0, 0.0));
    assert_eq!(consumed(s.ok("PutItem", &put(r#","l":{"S":"m"}"#)).await), (2.0, 1.0, 0.0));
}

#[tokio::test]
async fn segments_share_a_scan() {
    let s = Session::new();
    s.table(false).await;
    for n in 0..200 {
        s.put(&format!(r#"{{"pk":{{"S":"k{n}"}}}}"#)).await;
    }
    for total in [1, 2, 3, 7] {
        let mut seen = std::collections::BTreeSet::new();
        for segment in 0..total {
            let page =
                s.ok("Scan", &format!(r#"{{"TableName":"tab","Segment":{segment},"TotalSegments":{total}}}"#)).await;
            let items = page["Items"].as_array().unwrap();
            assert!(total == 1 || (1..200).contains(&items.len()), "{} of {total}", items.len());
            for item in items {
                assert!(seen.insert(item["pk"]["S"].as_str().unwrap().to_owned()), "twice");
            }
        }
        assert_eq!(seen.len(), 200);
    }
}

/// Queries by condition and further members, and what is wrong with them.
const WRONG_QUERIES: &[(&str, &str, &str)] = &[
    ("sk = :p", "", "Query condition missed key schema element: pk"),
    ("pk > :p", "", "Query key condition not supported"),
    ("pk = :p AND extra = :p", "", "Query condition missed key schema element: sk"),
    (
        "pk = :p AND sk = :p",
        "",
        "One or more parameter values were invalid: Condition parameter type does not match schema type",
    ),
    ("pk = :p OR sk = :p", "", "Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: OR"),
    (
        "pk = :p",
        r#","Limit":0"#,
        "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ),
    ("pk = :p", r#","IndexName":"nope""#, "The table does not have the specified index: nope"),
    (
        "g = :p",
        r#","IndexName":"gsi","ConsistentRead":true"#,
        "Consistent reads are not supported on global secondary indexes",
    ),
    (
        "k = :p",
        r#","IndexName":"keys","Select":"ALL_ATTRIBUTES""#,
        "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index keys because its projection type is not ALL",
    ),
    (
        "k = :p",
        r#","IndexName":"keys","ProjectionExpression":"extra""#,
        "One or more parameter values were invalid: Global secondary index keys does not project [extra]",
    ),
    (
        "pk = :p",
        r#","Select":"SPECIFIC_ATTRIBUTES""#,
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
    ),
    (
        "pk = :p",
        r#","Select":"COUNT","ProjectionExpression":"a""#,
        "Cannot specify the ProjectionExpression when choosing to get only the Count",
    ),
    (
        "pk = :p",
        r#","Select":"ALL_PROJECTED_ATTRIBUTES""#,
        "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
    ),
    ("pk = :p", r#","ExclusiveStartKey":{"pk":{"S":"a"}}"#, "The provided starting key is invalid"),
    (
        "pk = :p",
        r#","ExclusiveStartKey":{"pk":{"S":"b"},"sk":{"N":"1"}}"#,
        "The provided starting key is outside query boundaries based on provided conditions",
    ),
];

/// Further members of scans, and what is wrong with them.
const WRONG_SCANS: &[(&str, &str)] = &[
    (
        r#""Segment":1"#,
        "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    ),
    (
        r#""TotalSegments":1"#,
        "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
    ),
    (
        r#""Segment":2,"TotalSegments":2"#,
        "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2",
    ),
    (
        r#""ExpressionAttributeValues":{":a":{"S":"b"}}"#,
        "ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null",
    ),
];

#[tokio::test]
async fn wrong_listings_get_aws_sentences() {
    let s = indexed().await;
    for (condition, more, message) in WRONG_QUERIES {
        assert_eq!(s.err("Query", &query(condition, "", more)).await.1, *message, "{condition} {more}");
    }
    for (more, message) in WRONG_SCANS {
        assert_eq!(s.err("Scan", &format!(r#"{{"TableName":"tab",{more}}}"#)).await.1, *message, "{more}");
    }
    assert_eq!(
        s.err("Query", r#"{"TableName":"tab"}"#).await.1,
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
    );
}

#[tokio::test]
async fn older_parameters_query_and_scan() {
    let s = indexed().await;
    for n in 0..4 {
        s.put(&format!(r#"{{"pk":{{"S":"a"}},"sk":{{"N":"{n}"}},"v":{{"N":"{n}"}},"g":{{"S":"x"}}}}"#)).await;
    }
    let query = r#"{"TableName":"tab","KeyConditions":{"pk":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"a"}]},"sk":{"ComparisonOperator":"GE","AttributeValueList":[{"N":"1"}]}},
        "QueryFilter":{"v":{"ComparisonOperator":"NE","AttributeValueList":[{"N":"2"}]}},"AttributesToGet":["sk"]}"#;
    assert_eq!(s.ok("Query", query).await["Items"], json(r#"[{"sk":{"N":"1"}},{"sk":{"N":"3"}}]"#));
    let scan = r#"{"TableName":"tab","ScanFilter":{"v":{"ComparisonOperator":"IN","AttributeValueList":[{"N":"0"},{"N":"3"}]},"nope":{"ComparisonOperator":"NOT_NULL"}},"ConditionalOperator":"OR"}"#;
    assert_eq!(s.ok("Scan", scan).await["Count"], 2);
    let one = r#"{"TableName":"tab","ScanFilter":{"v":{"ComparisonOperator":"NULL"}},"ConditionalOperator":"OR"}"#;
    assert_eq!(
        s.err("Scan", one).await.1,
        "ConditionalOperator can only be used when Filter or Expected has two or more elements"
    );
}
