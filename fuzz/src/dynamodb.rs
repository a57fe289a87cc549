//! Numbers, items, expressions, and whole operations on a table.

use crate::lines;
use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::sync::Arc;
use tidegate_core::{AwsError, Registry, testing::Bench};
use tidegate_dynamodb::model::expression::{
    Condition, ExpressionKind, KeyCondition, Projection, Substitutions, Update,
};
use tidegate_dynamodb::model::{Attributes, Number, encode_scalar, stored};
use tidegate_dynamodb::{DynamoDb, fuzz};
use tidegate_model::Protocol;
use tidegate_store::Store;
use tidegate_wire::{Call, Request, Routed, parse, validate};
use tokio::runtime::Builder;

/// What expressions are held against.
const ITEM: &str = r#"{"pk":{"S":"a"},"n":{"N":"1"},"s":{"S":"text"},"b":{"B":"AAE="},"t":{"BOOL":true},"z":{"NULL":true},
    "l":{"L":[{"NULL":true},{"N":"-2.5"},{"M":{"x":{"S":"y"}}}]},"m":{"M":{"x":{"L":[{"N":"9"}]},"y":{"S":"z"}}},
    "ss":{"SS":["a","b"]},"ns":{"NS":["1","2"]},"bs":{"BS":["AA=="]}}"#;

/// What placeholders stand for.
const VALUES: &str = r#"{":n":{"N":"1"},":m":{"N":"99999999999999999999999999999999999999E87"},":s":{"S":"text"},
    ":b":{"B":"AA=="},":t":{"BOOL":true},":z":{"NULL":true},":l":{"L":[{"N":"3"}]},":o":{"M":{"x":{"S":"y"}}},
    ":ss":{"SS":["a"]},":ns":{"NS":["1"]},":bs":{"BS":["AA=="]},":k":{"S":"S"}}"#;

thread_local! {
    static KNOWN: (Attributes, Substitutions) = (item_of(ITEM), substitutions());
    static TABLE: RefCell<(u32, Registry)> = RefCell::default();
}

fn item_of(json: &str) -> Attributes {
    fuzz::item(json.as_bytes()).expect("the constants are items")
}

fn substitutions() -> Substitutions {
    let values = item_of(VALUES).into_iter().map(|(name, value)| (name, Ok(value))).collect();
    let names = [("#m", "m"), ("#l", "l"), ("#x", "x"), ("#n", "n"), ("#p", "pk")];
    let names = names.map(|(placeholder, name)| (placeholder.to_owned(), name.to_owned())).to_vec();
    Substitutions::new(Some(names), Some(values)).expect("the constants are sound")
}

/// Condition and filter expressions: a negation says the opposite.
pub fn condition(text: &str) {
    KNOWN.with(|(item, known)| {
        let parse = |text: &str| Condition::parse(text, ExpressionKind::Filter, &mut known.clone());
        match parse(text) {
            Err(problem) => drop(problem.to_string()),
            Ok(condition) => {
                let holds = condition.holds(item);
                if let Ok(opposite) = parse(&format!("NOT ({text})")) {
                    assert_ne!(opposite.holds(item), holds, "{text}");
                }
            }
        }
    });
}

/// Key conditions.
pub fn key_condition(text: &str) {
    KNOWN.with(|(_, known)| drop(KeyCondition::parse(text, &mut known.clone())));
}

/// Projections: nothing is in an answer that is not in the item.
pub fn projection(text: &str) {
    KNOWN.with(|(item, known)| {
        let Ok(projection) = Projection::parse(text, &mut known.clone()) else { return };
        let shown = projection.apply(item);
        assert!(shown.iter().all(|(name, value)| item.get(name).is_some_and(|whole| value.size() <= whole.size())));
    });
}

/// Updates: what comes out can be stored and written.
pub fn update(text: &str) {
    KNOWN.with(|(item, known)| {
        let Ok(update) = Update::parse(text, &mut known.clone()) else { return };
        if let Ok(after) = update.apply(item) {
            round(&after);
        }
    });
}

/// Takes an item through the store's form and through JSON.
fn round(item: &Attributes) {
    let bytes = stored::encode(item, item.size());
    assert_eq!(stored::decode(&bytes).as_ref(), Ok(item));
    assert_eq!(stored::size(&bytes), Ok(item.size()));
    let json = fuzz::json(item);
    assert_eq!(fuzz::stored_json(&bytes).as_deref(), Some(&json[..]));
    if let Some(read) = fuzz::item(&json) {
        assert_eq!(read, *item);
    }
    for (name, value) in item.iter() {
        assert_eq!(stored::attribute(&bytes, name), Ok(Some(value.clone())));
    }
}

/// Items in AWS' JSON.
pub fn item(json: &[u8]) {
    if let Some(item) = fuzz::item(json) {
        round(&item);
    }
}

/// Items in the store's form.
pub fn stored_item(bytes: &[u8]) {
    let found = stored::decode(bytes);
    let written = fuzz::stored_json(bytes);
    assert!(found.is_err() || written.is_some());
    let _ = (stored::attribute(bytes, "k"), stored::size(bytes));
}

/// Two numbers: each comes back as it is written, and sum, order and keys agree.
pub fn number(text: &str) {
    let [one, other] = lines(text);
    let (Ok(a), Ok(b)) = (Number::parse(one), Number::parse(other)) else { return };
    assert_eq!(Number::parse(&a.to_string()), Ok(a), "{one}");
    let key = |number: Number| {
        let mut out = Vec::new();
        number.encode_key(&mut out);
        out
    };
    assert_eq!(key(a).cmp(&key(b)), a.cmp(&b), "{one} and {other}");
    assert_eq!(a.plus(b), b.plus(a));
    if let (Ok(sum), Ok(difference)) = (a.plus(b), a.minus(b)) {
        assert_eq!(sum.cmp(&a), b.cmp(&Number::ZERO), "{one} + {other}");
        assert_eq!(difference.cmp(&Number::ZERO), a.cmp(&b), "{one} - {other}");
    }
    assert!(a.size() <= 40 && (a.to_i64().is_none() || a.to_i64() <= Some(i64::MAX)));
    encode_scalar(&tidegate_dynamodb::model::AttributeValue::N(a), &mut Vec::new());
}

/// An operation's name in the first line, its body behind it. Whatever they are, the fault is the client's.
pub fn operation(text: &str) {
    let [name, body] = lines(text);
    TABLE.with(|table| {
        let (used, registry) = &mut *table.borrow_mut();
        // What inputs have written does not pile up.
        if used.is_multiple_of(4096) {
            *registry = with_table();
        }
        *used += 1;
        let Some(result) = call(registry, name, body) else { return };
        if let Err(error) = result {
            assert!(error.status < 500 || error.status == 501, "{name}: {error:?}");
        }
    });
}

fn call(registry: &Registry, name: &str, body: &str) -> Option<Result<Value, AwsError>> {
    let bound = registry.find("dynamodb", name)?;
    let (cx, runtime) = (Bench::new().cx, Builder::new_current_thread().build().expect("a runtime needs no input"));
    if let Some(answer) = bound.direct(&cx, &Bytes::copy_from_slice(body.as_bytes())) {
        let answer = runtime.block_on(answer);
        return Some(answer.map(|json| serde_json::from_slice(&json).expect("an answer is JSON")));
    }
    let call = Call::named("dynamodb", name, Protocol::Json10)?;
    let headers = HeaderMap::new();
    let body = body.as_bytes();
    let request = Request { method: &Method::POST, path: "/", query: "", headers: &headers, body, scope: None };
    let document = parse(&Routed::from(call), &request).ok()?;
    validate(&call, &document).ok()?;
    Some(runtime.block_on(bound.call(cx, document)))
}

/// A service with the table `tab` and two items in it.
fn with_table() -> Registry {
    let mut registry = Registry::default();
    registry.add(&Arc::new(DynamoDb::new(Store::memory())));
    let create = json!({
        "TableName": "tab",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "n", "AttributeType": "N"},
        ],
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "n", "KeyType": "RANGE"},
        ],
        "GlobalSecondaryIndexes": [{
            "IndexName": "idx",
            "KeySchema": [{"AttributeName": "n", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }],
    });
    let put = format!(r#"{{"TableName":"tab","Item":{ITEM}}}"#);
    for (name, body) in [("CreateTable", create.to_string()), ("PutItem", put)] {
        let answer = call(&registry, name, &body);
        assert!(matches!(answer, Some(Ok(_))), "{name}: {answer:?}");
    }
    registry
}
