//! All operations of all services, found by the API model's name and the operation's.

use crate::{AwsError, BoxFuture, Context, Row, Service};
use bytes::Bytes;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

type Call = Box<dyn Fn(Context, Value) -> BoxFuture<'static, Result<Value, AwsError>> + Send + Sync>;
type CallDirect = Box<dyn Fn(Context, Bytes) -> BoxFuture<'static, Result<Vec<u8>, AwsError>> + Send + Sync>;

/// An operation bound to its service.
pub struct Bound {
    /// The operation's name.
    pub name: &'static str,
    /// The IAM action, or empty.
    pub action: &'static str,
    /// Whether it is open to unsigned requests.
    pub unsigned: bool,
    /// Members that are accepted without effect, with the reason.
    pub not_honored: &'static [(&'static str, &'static str)],
    call: Call,
    call_direct: Option<CallDirect>,
}

impl Bound {
    fn new<S: Service>(service: &Arc<S>, row: &'static Row<S>) -> Bound {
        let (state, run) = (service.clone(), row.run);
        let call_direct = row.run_direct.map(|run| {
            let state = service.clone();
            Box::new(move |cx, body| run(state.clone(), cx, body)) as CallDirect
        });
        let call = Box::new(move |cx, input| run(state.clone(), cx, input));
        Bound {
            name: row.name,
            action: row.action,
            unsigned: row.unsigned,
            not_honored: row.not_honored,
            call,
            call_direct,
        }
    }

    /// Checks permissions and does it. The input has been checked against the model.
    pub fn call(&self, cx: Context, input: Value) -> BoxFuture<'static, Result<Value, AwsError>> {
        (self.call)(cx, input)
    }

    /// The way for JSON bodies that skips the document, where the operation has one.
    pub fn direct(&self, cx: &Context, body: &Bytes) -> Option<BoxFuture<'static, Result<Vec<u8>, AwsError>>> {
        self.call_direct.as_ref().map(|call| call(cx.clone(), body.clone()))
    }

    /// Whether JSON bodies take the direct way.
    pub fn is_direct(&self) -> bool {
        self.call_direct.is_some()
    }
}

/// The services that this server offers.
#[derive(Default)]
pub struct Registry {
    services: BTreeMap<&'static str, BTreeMap<&'static str, Bound>>,
}

impl Registry {
    /// Adds all operations of a service.
    ///
    /// # Panics
    /// If two rows have one name: a mistake in the table, found by the first test that starts.
    pub fn add<S: Service>(&mut self, service: &Arc<S>) {
        let operations = self.services.entry(S::MODEL).or_default();
        for row in S::OPERATIONS {
            let twice = operations.insert(row.name, Bound::new(service, row));
            assert!(twice.is_none(), "{} has two rows named {}", S::MODEL, row.name);
        }
    }

    /// The operation, or `None` if the service or the operation is not offered.
    pub fn find(&self, model: &str, operation: &str) -> Option<&Bound> {
        self.services.get(model)?.get(operation)
    }

    /// All services by model name, each with its operations by name.
    pub fn services(&self) -> impl Iterator<Item = (&'static str, &BTreeMap<&'static str, Bound>)> {
        self.services.iter().map(|(model, operations)| (*model, operations))
    }
}
