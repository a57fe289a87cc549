//! A service on a store of its own, called as the server calls it: model check, permission, operation.

// Each test binary uses a part of this.
#![allow(dead_code)]

use serde_json::Value;
use std::sync::Arc;
use tidegate_core::testing::Bench;
use tidegate_core::{AwsError, Registry};
use tidegate_dynamodb::DynamoDb;
use tidegate_model::Protocol;
use tidegate_store::Store;
use tidegate_wire::Call;

/// The running service.
pub struct Session {
    /// Clock and deny list.
    pub bench: Bench,
    /// The service.
    pub db: DynamoDb,
    registry: Registry,
}

impl Session {
    /// On a store in memory.
    pub fn new() -> Session {
        Session::on(Store::memory())
    }

    /// On this store.
    pub fn on(store: Store) -> Session {
        let db = DynamoDb::new(store);
        let mut registry = Registry::default();
        registry.add(&Arc::new(db.clone()));
        Session { bench: Bench::new(), db, registry }
    }

    /// The same service over the same store, with nothing but what the store holds.
    pub fn restarted(self) -> Session {
        let db = DynamoDb::new(self.db.store().clone());
        let mut registry = Registry::default();
        registry.add(&Arc::new(db.clone()));
        Session { bench: self.bench, db, registry }
    }

    /// Calls an operation with a JSON text.
    pub async fn call(&self, operation: &str, input: &str) -> Result<Value, AwsError> {
        let bound = self.registry.find("dynamodb", operation).unwrap_or_else(|| panic!("no {operation}"));
        let cx = self.bench.cx.clone();
        if let Some(direct) = bound.direct() {
            let body = direct(cx, input.to_owned().into()).await?;
            return Ok(serde_json::from_slice(&body).unwrap_or_else(|e| panic!("{operation} answered {body:?}: {e}")));
        }
        let document: Value = serde_json::from_str(input).expect("tests write JSON");
        let call = Call::named("dynamodb", operation, Protocol::Json10).expect("the model knows it");
        let (code, message) = match tidegate_wire::validate(&call, &document) {
            Ok(()) => return bound.call(cx, document).await.map(without_nulls),
            Err(error) => (error.code, error.message),
        };
        Err(AwsError { code, status: 400, message, fields: Default::default() })
    }

    /// The answer of a call that must succeed.
    pub async fn ok(&self, operation: &str, input: &str) -> Value {
        self.call(operation, input).await.unwrap_or_else(|e| panic!("{operation} {input}: {e}"))
    }

    /// Code and message of a call that must fail.
    pub async fn err(&self, operation: &str, input: &str) -> (String, String) {
        match self.call(operation, input).await {
            Ok(answer) => panic!("{operation} {input} answered {answer}"),
            Err(error) => (error.code.into_owned(), error.message),
        }
    }

    /// A table `t` with a text key `pk`, and a number key `sk` if wanted; on demand.
    pub async fn table(&self, sorted: bool) {
        let (attribute, key) = match sorted {
            true => (r#",{"AttributeName":"sk","AttributeType":"N"}"#, r#",{"AttributeName":"sk","KeyType":"RANGE"}"#),
            false => ("", ""),
        };
        let input = format!(
            r#"{{"TableName":"tab","BillingMode":"PAY_PER_REQUEST",
                "AttributeDefinitions":[{{"AttributeName":"pk","AttributeType":"S"}}{attribute}],
                "KeySchema":[{{"AttributeName":"pk","KeyType":"HASH"}}{key}]}}"#
        );
        self.ok("CreateTable", &input).await;
    }

    /// Puts an item into `tab`.
    pub async fn put(&self, item: &str) {
        self.ok("PutItem", &format!(r#"{{"TableName":"tab","Item":{item}}}"#)).await;
    }
}

/// As the wire layer drops them.
pub fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            members.into_iter().filter(|(_, v)| !v.is_null()).map(|(n, v)| (n, without_nulls(v))).collect()
        }
        Value::Array(list) => list.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

/// JSON from a text.
pub fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("tests write JSON")
}
