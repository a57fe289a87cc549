//! Bodies that are nearly right: item operations read them without the wire layer's help, and must never fail inside.

mod common;

use common::Session;
use proptest::prelude::*;
use proptest::sample::Index;

const BODIES: &[(&str, &str)] = &[
    (
        "GetItem",
        r##"{"TableName":"tab","Key":{"pk":{"S":"a"},"sk":{"N":"1"}},"ConsistentRead":true,"ProjectionExpression":"a.b[0], #n","ExpressionAttributeNames":{"#n":"name"}}"##,
    ),
    (
        "PutItem",
        r#"{"TableName":"tab","Item":{"pk":{"S":"a"},"sk":{"N":"1"},"l":{"L":[{"M":{"x":{"NS":["1","2"]}}},{"B":"AAEC"},{"NULL":true}]}},"ConditionExpression":"attribute_not_exists(pk) OR size(l) BETWEEN :a AND :b","ExpressionAttributeValues":{":a":{"N":"1e3"},":b":{"N":"2e5"}},"ReturnValues":"ALL_OLD"}"#,
    ),
    (
        "UpdateItem",
        r#"{"TableName":"tab","Key":{"pk":{"S":"a"},"sk":{"N":"1"}},"UpdateExpression":"SET l[1] = :a, m = if_not_exists(m, :a) + :a REMOVE q.x ADD n :a DELETE s :s","ExpressionAttributeValues":{":a":{"N":"1"},":s":{"SS":["a"]}},"ReturnValues":"UPDATED_NEW","ReturnConsumedCapacity":"INDEXES"}"#,
    ),
    (
        "UpdateItem",
        r#"{"TableName":"tab","Key":{"pk":{"S":"a"},"sk":{"N":"1"}},"AttributeUpdates":{"v":{"Action":"ADD","Value":{"N":"1"}}},"Expected":{"v":{"ComparisonOperator":"BETWEEN","AttributeValueList":[{"N":"1"},{"N":"2"}]}}}"#,
    ),
    ("DeleteItem", r#"{"TableName":"tab","Key":{"pk":{"S":"a"},"sk":{"N":"1"}},"ReturnItemCollectionMetrics":"SIZE"}"#),
    (
        "Query",
        r#"{"TableName":"tab","KeyConditionExpression":"pk = :p AND sk >= :s","FilterExpression":"contains(l, :p)","ExpressionAttributeValues":{":p":{"S":"a"},":s":{"N":"-5"}},"Limit":2,"ExclusiveStartKey":{"pk":{"S":"a"},"sk":{"N":"0"}}}"#,
    ),
    (
        "Scan",
        r#"{"TableName":"tab","Segment":1,"TotalSegments":3,"ScanFilter":{"v":{"ComparisonOperator":"IN","AttributeValueList":[{"N":"1"}]}}}"#,
    ),
    ("BatchGetItem", r#"{"RequestItems":{"tab":{"Keys":[{"pk":{"S":"a"},"sk":{"N":"1"}}],"AttributesToGet":["pk"]}}}"#),
    (
        "BatchWriteItem",
        r#"{"RequestItems":{"tab":[{"PutRequest":{"Item":{"pk":{"S":"a"},"sk":{"N":"1"}}}},{"DeleteRequest":{"Key":{"pk":{"S":"b"},"sk":{"N":"1"}}}}]}}"#,
    ),
    ("TransactGetItems", r#"{"TransactItems":[{"Get":{"TableName":"tab","Key":{"pk":{"S":"a"},"sk":{"N":"1"}}}}]}"#),
    (
        "TransactWriteItems",
        r#"{"ClientRequestToken":"t","TransactItems":[{"Update":{"TableName":"tab","Key":{"pk":{"S":"a"},"sk":{"N":"1"}},"UpdateExpression":"SET v = :v","ExpressionAttributeValues":{":v":{"N":"1"}}}},{"Delete":{"TableName":"tab","Key":{"pk":{"S":"b"},"sk":{"N":"1"}}}}]}"#,
    ),
];

/// Characters that mean something in bodies and expressions.
const MARKS: &str = "{}[]\":,.\\#()=<>+- 019eENSBLM\u{e9}\u{0}a";

#[derive(Debug, Clone)]
enum Change {
    Replace(Index, Index),
    Insert(Index, Index),
    Cut(Index, Index),
}

fn changed(body: &str, changes: &[Change]) -> String {
    let mut text: Vec<char> = body.chars().collect();
    let marks: Vec<char> = MARKS.chars().collect();
    for change in changes.iter().filter(|_| !body.is_empty()) {
        match change {
            _ if text.is_empty() => break,
            Change::Replace(at, with) => {
                let at = at.index(text.len());
                text[at] = *with.get(&marks);
            }
            Change::Insert(at, what) => text.insert(at.index(text.len()), *what.get(&marks)),
            Change::Cut(from, length) => {
                let from = from.index(text.len());
                let end = (from + length.index(12)).min(text.len());
                drop(text.drain(from..end));
            }
        }
    }
    text.into_iter().collect()
}

fn any_change() -> impl Strategy<Value = Change> {
    let two = || (any::<Index>(), any::<Index>());
    prop_oneof![
        two().prop_map(|(a, b)| Change::Replace(a, b)),
        two().prop_map(|(a, b)| Change::Insert(a, b)),
        two().prop_map(|(a, b)| Change::Cut(a, b)),
    ]
}

#[tokio::test]
async fn the_bodies_are_right_before_they_are_changed() {
    let s = Session::new();
    s.table(true).await;
    s.put(r#"{"pk":{"S":"a"},"sk":{"N":"1"},"l":{"L":[{"N":"1"},{"N":"2"}]},"q":{"M":{}},"v":{"N":"1"}}"#).await;
    for (operation, body) in BODIES.iter().filter(|(operation, _)| *operation != "PutItem") {
        s.ok(operation, body).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nearly_right_bodies_never_fail_inside(body in any::<Index>(), changes in prop::collection::vec(any_change(), 1..4)) {
        let (operation, body) = body.get(BODIES);
        let body = changed(body, &changes);
        let answered = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
            let s = Session::new();
            s.table(true).await;
            s.put(r#"{"pk":{"S":"a"},"sk":{"N":"1"},"l":{"L":[{"N":"1"},{"N":"2"}]},"v":{"N":"1"}}"#).await;
            s.call(operation, &body).await
        });
        if let Err(error) = answered {
            prop_assert!(error.status == 400, "{}: {}", body, error);
        }
    }
}
