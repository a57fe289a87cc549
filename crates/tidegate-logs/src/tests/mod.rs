//! The service as its clients see it: through the registry, with a clock that stands.

mod events;
mod groups;
mod sink;
mod sweep;

use crate::Logs;
use serde_json::{Value, json};
use std::sync::Arc;
use tempfile::TempDir;
use tidegate_core::testing::Bench;
use tidegate_core::{AwsError, Context, Registry};
use tidegate_store::{Options, Store};

/// The bench's clock shows this at first.
pub(super) const NOW: u64 = 1_795_253_400_000;

/// The service with a registry around it.
pub(super) struct House {
    pub bench: Bench,
    pub logs: Arc<Logs>,
    pub store: Store,
    /// Where the store is, if it is on disk.
    data: Option<TempDir>,
    registry: Registry,
}

impl House {
    pub fn new() -> House {
        House::over(Bench::new(), Store::memory(), None)
    }

    /// Over a store on disk.
    pub fn on_disk() -> House {
        let data = TempDir::new().expect("a temporary folder");
        let store = Store::open(data.path().join("store"), Options::default()).expect("a store");
        House::over(Bench::new(), store, Some(data))
    }

    fn over(bench: Bench, store: Store, data: Option<TempDir>) -> House {
        let logs = Arc::new(Logs::new(store.clone(), bench.clock.clone()));
        let mut registry = Registry::default();
        registry.add(&logs);
        House { bench, logs, store, data, registry }
    }

    /// The same after a restart: only what is in the store is left.
    pub fn restarted(self) -> House {
        let House { bench, logs, store, data, registry } = self;
        drop((logs, registry));
        let Some(data) = data else { return House::over(bench, store, None) };
        store.close().expect("the disk works");
        drop(store);
        let store = Store::open(data.path().join("store"), Options::default()).expect("a store");
        House::over(bench, store, Some(data))
    }

    pub async fn call(&self, operation: &str, input: Value) -> Result<Value, AwsError> {
        self.call_as(&self.bench.cx, operation, input).await
    }

    pub async fn call_as(&self, cx: &Context, operation: &str, input: Value) -> Result<Value, AwsError> {
        let bound = self.registry.find("logs", operation).unwrap_or_else(|| panic!("no operation {operation}"));
        bound.call(cx.clone(), input).await
    }

    pub async fn ok(&self, operation: &str, input: Value) -> Value {
        self.call(operation, input).await.unwrap_or_else(|e| panic!("{operation}: {e}"))
    }

    /// Code and message of the error that this must give.
    pub async fn err(&self, operation: &str, input: Value) -> (String, String) {
        let error = self.call(operation, input).await.expect_err(operation);
        (error.code.to_string(), error.message)
    }

    pub async fn group(&self, name: &str) {
        self.ok("CreateLogGroup", json!({ "logGroupName": name })).await;
    }

    pub async fn stream(&self, group: &str, stream: &str) {
        self.ok("CreateLogStream", json!({ "logGroupName": group, "logStreamName": stream })).await;
    }

    /// Puts events, given as milliseconds after the clock's start and message.
    pub async fn put(&self, group: &str, stream: &str, events: &[(u64, &str)]) -> Value {
        let events: Vec<Value> = events.iter().map(|(t, m)| json!({ "timestamp": NOW + t, "message": m })).collect();
        let input = json!({ "logGroupName": group, "logStreamName": stream, "logEvents": events });
        self.ok("PutLogEvents", input).await
    }
}

/// The messages of an answer.
pub(super) fn messages(answer: &Value) -> Vec<String> {
    let events = answer["events"].as_array().expect("events");
    events.iter().map(|event| event["message"].as_str().expect("a message").to_owned()).collect()
}
