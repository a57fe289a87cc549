//! For a service's own tests: an environment with a clock that stands and ids from a seed, and a client.

use crate::{Authorizer, AwsError, Check, Context, Environment, Principal, Registry, Service};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use tidegate_types::{AccountId, ManualClock, Region, SeededIds};

/// An authorizer that allows everything but the actions that a test denies.
#[derive(Default)]
pub struct DenyList {
    denied: Mutex<Vec<String>>,
}

impl DenyList {
    /// From now on this action is denied.
    pub fn deny(&self, action: &str) {
        self.denied.lock().unwrap_or_else(|e| e.into_inner()).push(action.to_owned());
    }
}

impl Authorizer for DenyList {
    fn authorize(&self, cx: &Context, check: &Check) -> Result<(), AwsError> {
        let denied = self.denied.lock().unwrap_or_else(|e| e.into_inner()).contains(&check.action);
        let sentence = || {
            let (who, action, resource) = (cx.principal.arn(), &check.action, &check.resource);
            format!(
                "User: {who} is not authorized to perform: {action} on resource: {resource} because no identity-based policy allows the {action} action"
            )
        };
        if denied { Err(AwsError::access_denied(sentence())) } else { Ok(()) }
    }
}

/// What a service test needs: a context of the local account's root, its clock, and its deny list.
pub struct Bench {
    /// The clock; it starts at 2026-11-21T09:30:00Z.
    pub clock: Arc<ManualClock>,
    /// What is denied.
    pub denied: Arc<DenyList>,
    /// The root of account 000000000000 in us-east-1.
    pub cx: Context,
}

impl Bench {
    /// A fresh one with the same ids each time.
    pub fn new() -> Bench {
        let clock = Arc::new(ManualClock::at_ms(1_795_253_400_000));
        let denied = Arc::new(DenyList::default());
        let environment =
            Environment { clock: clock.clone(), ids: Arc::new(SeededIds::new(1)), authorizer: denied.clone() };
        let cx = Context::internal(Arc::new(environment), Principal::root(AccountId::local()), Region::us_east_1());
        Bench { clock, denied, cx }
    }
}

impl Default for Bench {
    fn default() -> Bench {
        Bench::new()
    }
}

/// A service as its clients see it: through the registry.
pub struct Client {
    /// The registry, with this service alone.
    pub registry: Registry,
    model: &'static str,
    cx: Context,
}

impl Client {
    /// Calls the service's operations in this context.
    pub fn new<S: Service>(service: &Arc<S>, cx: &Context) -> Client {
        let mut registry = Registry::default();
        registry.add(service);
        Client { registry, model: S::MODEL, cx: cx.clone() }
    }

    /// What the operation answers.
    pub async fn call(&self, operation: &str, input: Value) -> Result<Value, AwsError> {
        self.call_as(&self.cx, operation, input).await
    }

    /// What it answers somebody else.
    pub async fn call_as(&self, cx: &Context, operation: &str, input: Value) -> Result<Value, AwsError> {
        let bound = self.registry.find(self.model, operation).unwrap_or_else(|| panic!("no operation {operation}"));
        bound.call(cx.clone(), input).await
    }

    /// The answer that this must give.
    pub async fn ok(&self, operation: &str, input: Value) -> Value {
        self.call(operation, input).await.unwrap_or_else(|error| panic!("{operation}: {error}"))
    }

    /// Code and message of the error that this must give.
    pub async fn err(&self, operation: &str, input: Value) -> (String, String) {
        let error = self.call(operation, input).await.expect_err(operation);
        (error.code.to_string(), error.message)
    }
}
