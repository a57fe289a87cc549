//! All operations of all services, found by the API model's name and the operation's.

use crate::{AwsError, BoxFuture, Context, Row, Service};
use bytes::Bytes;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

type Call = Box<dyn Fn(Context, Value) -> BoxFuture<'static, Result<Value, AwsError>> + Send + Sync>;
/// What answers a JSON body right away.
pub type CallDirect = Box<dyn Fn(Context, Bytes) -> BoxFuture<'static, Result<Vec<u8>, AwsError>> + Send + Sync>;
/// What answers an operation whose body is a blob.
pub type CallPayload =
    Box<dyn Fn(Context, Value, Bytes) -> BoxFuture<'static, Result<(Value, Bytes), AwsError>> + Send + Sync>;

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
    call_payload: Option<CallPayload>,
}

impl Bound {
    fn new<S: Service>(service: &Arc<S>, row: &'static Row<S>) -> Bound {
        let (state, run) = (service.clone(), row.run);
        let call_direct = row.run_direct.map(|run| {
            let state = service.clone();
            Box::new(move |cx, body| run(state.clone(), cx, body)) as CallDirect
        });
        let call_payload = row.run_payload.map(|run| {
            let state = service.clone();
            Box::new(move |cx, input, payload| run(state.clone(), cx, input, payload)) as CallPayload
        });
        let call = Box::new(move |cx, input| run(state.clone(), cx, input));
        Bound {
            name: row.name,
            action: row.action,
            unsigned: row.unsigned,
            not_honored: row.not_honored,
            call,
            call_direct,
            call_payload,
        }
    }

    /// Checks permissions and does it. The input has been checked against the model.
    pub fn call(&self, cx: Context, input: Value) -> BoxFuture<'static, Result<Value, AwsError>> {
        (self.call)(cx, input)
    }

    /// The way for JSON bodies that skips the document, where the operation has one.
    pub fn direct(&self) -> Option<&CallDirect> {
        self.call_direct.as_ref()
    }

    /// The way for operations whose bodies are blobs, which pass beside the documents; `None` for all others.
    pub fn with_payload(&self) -> Option<&CallPayload> {
        self.call_payload.as_ref()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Bench;
    use crate::{Check, Operation, Payload, payload_row};
    use serde::{Deserialize, Serialize};
    use serde_json::json;
    use std::task;

    struct Echo;

    impl Service for Echo {
        const MODEL: &'static str = "echo";
        const OPERATIONS: &'static [Row<Echo>] = &[payload_row::<Say>()];
    }

    struct Say;

    /// Input and output: a member of the document, and the payload.
    #[derive(Serialize, Deserialize)]
    struct Message {
        name: String,
        #[serde(skip)]
        payload: Bytes,
    }

    impl Operation for Say {
        type Service = Echo;
        type Input = Message;
        type Output = Message;
        type Error = AwsError;
        const NAME: &'static str = "Say";
        const ACTION: &'static str = "echo:Say";

        fn checks(_: &Echo, _: &Context, input: &Message) -> Result<Vec<Check>, AwsError> {
            Ok(vec![Check::new(Self::ACTION, &input.name)])
        }

        async fn call(_: &Echo, _: &Context, input: Message) -> Result<Message, AwsError> {
            Ok(input)
        }
    }

    impl Payload for Say {
        fn put(input: &mut Message, payload: Bytes) {
            input.payload = payload;
        }

        fn take(output: &mut Message) -> Bytes {
            std::mem::take(&mut output.payload)
        }
    }

    /// What a future gives that waits for nothing.
    fn ready<T>(mut future: BoxFuture<'_, T>) -> T {
        match future.as_mut().poll(&mut task::Context::from_waker(task::Waker::noop())) {
            task::Poll::Ready(value) => value,
            task::Poll::Pending => panic!("it waits"),
        }
    }

    #[test]
    fn payloads_pass_as_they_are_once_they_may() {
        let (bench, mut registry) = (Bench::new(), Registry::default());
        registry.add(&Arc::new(Echo));
        let say = registry.find("echo", "Say").and_then(Bound::with_payload).expect("Say has a payload");
        let payload = Bytes::from(vec![0xff; 8]);
        let answer = ready(say(bench.cx.clone(), json!({"name": "n"}), payload.clone()));
        let (document, echoed) = answer.expect("an answer");
        assert_eq!(document, json!({"name": "n"}));
        assert_eq!(echoed.as_ptr(), payload.as_ptr(), "the payload was copied");

        bench.denied.deny("echo:Say");
        let refused = ready(say(bench.cx.clone(), json!({"name": "n"}), payload.clone())).expect_err("a denial");
        assert_eq!(refused.status, 403);
        assert!(ready(say(bench.cx, json!({}), payload)).is_err(), "a member is missing");
    }
}
