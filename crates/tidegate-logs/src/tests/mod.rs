//! The service as its clients see it: through the registry, with a clock that stands.

mod events;
mod groups;
mod sink;
mod sweep;

use crate::Logs;
use serde_json::{Value, json};
use std::ops::Deref;
use std::sync::Arc;
use tempfile::TempDir;
use tidegate_core::testing::{Bench, Client};
use tidegate_store::{Options, Store};

/// The bench's clock shows this at first.
pub(super) const NOW: u64 = 1_795_253_400_000;

/// The service, and a client of it.
pub(super) struct House {
    pub bench: Bench,
    pub logs: Arc<Logs>,
    pub store: Store,
    /// Where the store is, if it is on disk.
    data: Option<TempDir>,
    client: Client,
}

/// The service's operations are called on the house itself.
impl Deref for House {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
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
        let client = Client::new(&logs, &bench.cx);
        House { bench, logs, store, data, client }
    }

    /// The same after a restart: only what is in the store is left.
    pub fn restarted(self) -> House {
        let House { bench, logs, store, data, client } = self;
        drop((logs, client));
        let Some(data) = data else { return House::over(bench, store, None) };
        store.close().expect("the disk works");
        drop(store);
        let store = Store::open(data.path().join("store"), Options::default()).expect("a store");
        House::over(bench, store, Some(data))
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
