//! Whole operations of a service over a store in memory: in each line of an input an operation's name, a space, and its
//! body. Whatever they are, the fault is the client's.

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::sync::Arc;
use tidegate_core::{AwsError, Context, Registry, testing::Bench};
use tidegate_dynamodb::DynamoDb;
use tidegate_iam::Mode;
use tidegate_logs::Logs;
use tidegate_model::Protocol;
use tidegate_store::Store;
use tidegate_wire::{Call, Request, Routed, parse, render, validate};
use tokio::runtime::{Builder, Runtime};

/// Lines of an input that are looked at.
const LINES_MAX: usize = 8;

/// What operations that change nothing begin with.
const READS: [&str; 12] = [
    "BatchGet",
    "Describe",
    "Export",
    "Filter",
    "Get",
    "List",
    "Query",
    "Scan",
    "Simulate",
    "Test",
    "TransactGet",
    "Assume",
];

/// One service.
pub struct House {
    registry: Registry,
    cx: Context,
    runtime: Runtime,
    /// Whether an operation has changed something.
    changed: bool,
}

thread_local! {
    /// What the last input has left: nothing, or the next one gets a fresh house. So an input that fails, fails alone.
    static HOUSE: RefCell<Option<House>> = const { RefCell::new(None) };
}

impl House {
    /// A house without a service.
    fn new() -> House {
        let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime needs no input");
        House { registry: Registry::default(), cx: Bench::new().cx, runtime, changed: false }
    }

    /// Does something before the first input.
    fn before(mut self, lines: &[String]) -> House {
        lines.iter().for_each(|line| {
            let answer = self.line(line);
            assert!(matches!(answer, Some(Ok(_))), "{line}: {answer:?}");
        });
        self.changed = false;
        self
    }

    fn line(&mut self, line: &str) -> Option<Result<(), AwsError>> {
        let (name, body) = line.split_once(' ')?;
        let model = self.registry.services().find(|(_, operations)| operations.contains_key(name))?.0;
        let answer = self.call(model, name, body)?;
        self.changed |= answer.is_ok() && !READS.iter().any(|read| name.starts_with(read));
        Some(answer)
    }

    /// The operation as JSON clients call it, whichever protocol the service has; `None` if the wire layer refuses it.
    fn call(&self, model: &str, name: &str, body: &str) -> Option<Result<(), AwsError>> {
        let (bound, call) = (self.registry.find(model, name)?, Call::named(model, name, Protocol::Json11)?);
        if let Some(direct) = bound.direct() {
            let answer = self.runtime.block_on(direct(self.cx.clone(), Bytes::copy_from_slice(body.as_bytes())));
            return Some(answer.map(|json| drop(serde_json::from_slice::<Value>(&json).expect("an answer is JSON"))));
        }
        let (headers, body) = (HeaderMap::new(), body.as_bytes());
        let request = Request { method: &Method::POST, path: "/", query: "", headers: &headers, body, scope: None };
        let document = parse(&Routed::from(call), &request).ok()?;
        validate(&call, &document).ok()?;
        let answer = self.runtime.block_on(bound.call(self.cx.clone(), document));
        Some(answer.map(|output| drop(render(&call, &output, "r"))))
    }
}

fn run(text: &str, build: fn() -> House) {
    HOUSE.with_borrow_mut(|house| {
        let house = match house {
            Some(house) if !house.changed => house,
            _ => house.insert(build()),
        };
        for line in text.lines().take(LINES_MAX) {
            if let Some(Err(error)) = house.line(line) {
                assert!(error.status < 500 || error.status == 501, "{line}: {error:?}");
            }
        }
    });
}

/// Operations of DynamoDB; the table `tab` has an item.
pub fn dynamodb(text: &str) {
    run(text, || {
        let mut house = House::new();
        house.registry.add(&Arc::new(DynamoDb::new(Store::memory())));
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
        let put = format!(r#"PutItem {{"TableName":"tab","Item":{}}}"#, crate::dynamodb::ITEM);
        house.before(&[format!("CreateTable {create}"), put])
    });
}

/// Operations of CloudWatch Logs; the group `g` has a stream `s`.
pub fn logs(text: &str) {
    run(text, || {
        let mut house = House::new();
        house.registry.add(&Arc::new(Logs::new(Store::memory(), house.cx.environment.clock.clone())));
        let event =
            r#"{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1795253400000,"message":"m"}]}"#;
        house.before(&[
            r#"CreateLogGroup {"logGroupName":"g"}"#.to_owned(),
            r#"CreateLogStream {"logGroupName":"g","logStreamName":"s"}"#.to_owned(),
            format!("PutLogEvents {event}"),
        ])
    });
}

/// Operations of IAM and STS; there is a user `u`.
pub fn iam(text: &str) {
    run(text, || {
        let mut house = House::new();
        let environment = &house.cx.environment;
        let opened =
            tidegate_iam::open(Store::memory(), environment.clock.clone(), environment.ids.clone(), Mode::Enforce);
        let parts = house.runtime.block_on(opened).expect("an empty store can be read");
        house.registry.add(&parts.iam);
        house.registry.add(&parts.sts);
        house.before(&[r#"CreateUser {"UserName":"u"}"#.to_owned()])
    });
}

/// Operations of API Gateway.
pub fn apigateway(text: &str) {
    run(text, || {
        let mut house = House::new();
        house.registry.add(&Arc::new(crate::apigateway::empty(&house.cx)));
        house.before(&[r#"CreateApi {"name":"a","protocolType":"HTTP"}"#.to_owned()])
    });
}
