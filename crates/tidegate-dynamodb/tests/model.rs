//! Random operations against a naive model: a map from keys to items, an index that is a filter over all of them.

mod common;

use common::Session;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
enum Step {
    Put {
        key: (u8, i8),
        group: Option<u8>,
        value: i64,
    },
    /// Only if the item is there.
    Add {
        key: (u8, i8),
        by: i64,
    },
    Regroup {
        key: (u8, i8),
        group: Option<u8>,
    },
    Delete {
        key: (u8, i8),
    },
    /// Moves one unit of `value` from one item to another, if the first has any.
    Move {
        from: (u8, i8),
        to: (u8, i8),
    },
    Query {
        partition: u8,
        from: i8,
        reverse: bool,
        limit: usize,
    },
    QueryIndex {
        group: u8,
    },
    Restart,
}

fn any_key() -> impl Strategy<Value = (u8, i8)> {
    (0u8..3, -3i8..3)
}

fn any_step() -> impl Strategy<Value = Step> {
    let group = || prop::option::of(0u8..2);
    prop_oneof![
        4 => (any_key(), group(), -9i64..9).prop_map(|(key, group, value)| Step::Put { key, group, value }),
        2 => (any_key(), -9i64..9).prop_map(|(key, by)| Step::Add { key, by }),
        2 => (any_key(), group()).prop_map(|(key, group)| Step::Regroup { key, group }),
        2 => any_key().prop_map(|key| Step::Delete { key }),
        2 => (any_key(), any_key()).prop_map(|(from, to)| Step::Move { from, to }),
        3 => (0u8..3, -3i8..3, any::<bool>(), 1usize..5)
            .prop_map(|(partition, from, reverse, limit)| Step::Query { partition, from, reverse, limit }),
        2 => (0u8..2).prop_map(|group| Step::QueryIndex { group }),
        1 => Just(Step::Restart),
    ]
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    group: Option<u8>,
    value: i64,
}

type Model = BTreeMap<(u8, i8), Row>;

fn key_json(key: (u8, i8)) -> Value {
    json!({"pk": {"S": format!("p{}", key.0)}, "sk": {"N": key.1.to_string()}})
}

fn item_json(key: (u8, i8), row: &Row) -> Value {
    let mut item = key_json(key);
    item["v"] = json!({"N": row.value.to_string()});
    if let Some(group) = row.group {
        item["g"] = json!({"S": format!("g{group}")});
    }
    item
}

/// Does the step on the service and says whether its condition held.
async fn act(s: &Session, step: &Step) -> bool {
    let (operation, input) = match step {
        Step::Put { key, group, value } => {
            let item = item_json(*key, &Row { group: *group, value: *value });
            ("PutItem", json!({"TableName": "tab", "Item": item}))
        }
        Step::Add { key, by } => (
            "UpdateItem",
            json!({"TableName": "tab", "Key": key_json(*key), "UpdateExpression": "SET v = v + :by",
                "ConditionExpression": "attribute_exists(pk)", "ExpressionAttributeValues": {":by": {"N": by.to_string()}}}),
        ),
        Step::Regroup { key, group: Some(group) } => (
            "UpdateItem",
            json!({"TableName": "tab", "Key": key_json(*key), "UpdateExpression": "SET g = :g", "ConditionExpression": "attribute_exists(pk)",
                "ExpressionAttributeValues": {":g": {"S": format!("g{group}")}}}),
        ),
        Step::Regroup { key, group: None } => (
            "UpdateItem",
            json!({"TableName": "tab", "Key": key_json(*key), "UpdateExpression": "REMOVE g", "ConditionExpression": "attribute_exists(pk)"}),
        ),
        Step::Delete { key } => ("DeleteItem", json!({"TableName": "tab", "Key": key_json(*key)})),
        Step::Move { from, to } => {
            let update = |key: (u8, i8), expression: &str, condition: &str, zero: bool| {
                let values =
                    if zero { json!({":one": {"N": "1"}, ":zero": {"N": "0"}}) } else { json!({":one": {"N": "1"}}) };
                json!({"Update": {"TableName": "tab", "Key": key_json(key), "UpdateExpression": expression, "ConditionExpression": condition,
                    "ExpressionAttributeValues": values}})
            };
            let actions = [
                update(*from, "SET v = v - :one", "v > :zero", true),
                update(*to, "SET v = v + :one", "attribute_exists(v)", false),
            ];
            ("TransactWriteItems", json!({"TransactItems": actions}))
        }
        _ => return true,
    };
    match s.call(operation, &input.to_string()).await {
        Ok(_) => true,
        Err(e)
            if ["ConditionalCheckFailedException", "TransactionCanceledException", "ValidationException"]
                .contains(&&*e.code) =>
        {
            false
        }
        Err(e) => panic!("{step:?}: {e}"),
    }
}

/// Does the step on the model.
fn imagine(model: &mut Model, step: &Step) -> bool {
    match step {
        Step::Put { key, group, value } => drop(model.insert(*key, Row { group: *group, value: *value })),
        Step::Add { key, by } => match model.get_mut(key) {
            Some(row) => row.value += by,
            None => return false,
        },
        Step::Regroup { key, group } => match model.get_mut(key) {
            Some(row) => row.group = *group,
            None => return false,
        },
        Step::Delete { key } => drop(model.remove(key)),
        Step::Move { from, to } => {
            if from == to || model.get(from).is_none_or(|r| r.value <= 0) || !model.contains_key(to) {
                return false;
            }
            model.get_mut(from).unwrap().value -= 1;
            model.get_mut(to).unwrap().value += 1;
        }
        _ => {}
    }
    true
}

/// All pages of a query.
async fn pages(s: &Session, mut input: Value) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let mut page = s.ok("Query", &input.to_string()).await;
        all.extend(page["Items"].take().as_array().cloned().unwrap());
        match page.get("LastEvaluatedKey") {
            Some(last) => input["ExclusiveStartKey"] = last.clone(),
            None => return all,
        }
    }
}

async fn compare(s: &Session, model: &Model, step: &Step) {
    let (found, expect) = match step {
        Step::Query { partition, from, reverse, limit } => {
            let input = json!({"TableName": "tab", "KeyConditionExpression": "pk = :p AND sk >= :s", "Limit": limit, "ScanIndexForward": !reverse,
                "ExpressionAttributeValues": {":p": {"S": format!("p{partition}")}, ":s": {"N": from.to_string()}}});
            let rows = model.iter().filter(|((p, n), _)| p == partition && n >= from);
            let mut rows: Vec<Value> = rows.map(|(key, row)| item_json(*key, row)).collect();
            if *reverse {
                rows.reverse();
            }
            (pages(s, input).await, rows)
        }
        Step::QueryIndex { group } => {
            let input = json!({"TableName": "tab", "IndexName": "by-group", "KeyConditionExpression": "g = :g", "Limit": 2,
                "ExpressionAttributeValues": {":g": {"S": format!("g{group}")}}});
            let mut found = pages(s, input).await;
            let rows = model.iter().filter(|(_, row)| row.group == Some(*group));
            let mut rows: Vec<Value> = rows.map(|(key, row)| item_json(*key, row)).collect();
            // The index orders by `v` first, the model by key.
            let by_text = |v: &Value| v.to_string();
            let values: Vec<i64> = found.iter().map(|i| i["v"]["N"].as_str().unwrap().parse().unwrap()).collect();
            assert!(values.is_sorted(), "{values:?}");
            found.sort_by_key(by_text);
            rows.sort_by_key(by_text);
            (found, rows)
        }
        _ => return,
    };
    assert_eq!(found, expect, "{step:?}");
}

async fn run(steps: Vec<Step>) {
    let mut s = Session::new();
    s.ok(
        "CreateTable",
        r#"{"TableName":"tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
            {"AttributeName":"sk","AttributeType":"N"},{"AttributeName":"g","AttributeType":"S"},{"AttributeName":"v","AttributeType":"N"}],
            "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],"GlobalSecondaryIndexes":[{"IndexName":"by-group",
            "KeySchema":[{"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"v","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}]}"#,
    )
    .await;
    let mut model = Model::new();
    for step in steps {
        if matches!(step, Step::Restart) {
            s = s.restarted();
        }
        assert_eq!(act(&s, &step).await, imagine(&mut model, &step), "{step:?}");
        compare(&s, &model, &step).await;
    }
    let count = s.ok("Scan", r#"{"TableName":"tab","Select":"COUNT"}"#).await["Count"].as_u64();
    assert_eq!(count, Some(model.len() as u64));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_service_does_what_the_model_does(steps in prop::collection::vec(any_step(), 1..60)) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run(steps));
    }
}
