//! Prints, for every operation that the vectors cover, a sample input, a sample output and the answer that we render
//! for it, one JSON object per line; `tests/vectors/generate.py` has botocore write and read them.

#[path = "../tests/vectors/sample.rs"]
mod sample;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value, json};
use tidegate_model::Protocol;
use tidegate_wire::{AwsErrorParts, Call, render, render_error};

/// The services that the vectors cover: each protocol, and what the items API needs.
const SERVICES: [&str; 12] = [
    "apigateway",
    "apigatewayv2",
    "cloudwatch",
    "dynamodb",
    "iam",
    "lambda",
    "logs",
    "s3",
    "sns",
    "sqs",
    "sts",
    "xray",
];

/// Superseded operations whose successors have the same paths, and one that only its host tells from `ListBuckets`.
const LEFT_OUT: [&str; 5] = [
    "GetBucketLifecycle",
    "GetBucketNotification",
    "ListDirectoryBuckets",
    "PutBucketLifecycle",
    "PutBucketNotification",
];

fn main() {
    for name in SERVICES {
        let service = tidegate_model::service(name).expect("the list names services that the model has");
        for operation in service.operations.iter().filter(|o| !LEFT_OUT.contains(&o.name)) {
            for &protocol in &service.protocols {
                let call = Call { service, operation, protocol };
                let input = sample::document(service, operation.input, protocol);
                println!("{}", line(&call, input, sample::document(service, operation.output, protocol)));
            }
        }
    }
}

fn line(call: &Call, input: Option<Value>, output: Option<Value>) -> Value {
    json!({
        "service": call.service.name,
        "operation": call.operation.name,
        "protocol": protocol_name(call.protocol),
        "input": input,
        "response": output.as_ref().map(|output| response(call, output)),
        "output": output,
        "errors": errors(call),
    })
}

/// Every error that the model lists for the operation, as we render it.
fn errors(call: &Call) -> Vec<Value> {
    let shapes = call.operation.errors.iter().map(|id| call.service.shape(*id).name);
    let rendered = shapes.map(|name| {
        let error = AwsErrorParts::new(name, 418, "Why <it> failed");
        let response = render_error(&error, call.protocol, Some(call.service), "request-1");
        json!({ "shape": name, "response": parts(&response) })
    });
    rendered.collect()
}

fn response(call: &Call, output: &Value) -> Value {
    parts(&render(call, output, "request-1"))
}

fn parts(response: &Response<Bytes>) -> Value {
    let headers = response.headers().iter();
    let headers: Map<_, _> =
        headers.map(|(k, v)| (k.to_string(), Value::from(v.to_str().unwrap_or_default()))).collect();
    json!({ "status": response.status().as_u16(), "headers": headers, "body": STANDARD.encode(response.body()) })
}

fn protocol_name(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Json10 | Protocol::Json11 => "json",
        Protocol::Query => "query",
        Protocol::RestJson => "rest-json",
        Protocol::RestXml => "rest-xml",
        Protocol::Cbor => "smithy-rpc-v2-cbor",
    }
}
