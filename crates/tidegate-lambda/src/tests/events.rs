//! Asynchronous events: when they are tried again, when they end, and that none is lost.

use super::house::{House, Script};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tidegate_runtime::Error;

const FAILURE: Script = Script::Error("{\"errorType\":\"Error\"}");

async fn send(house: &House, payload: &str) {
    let input = json!({ "FunctionName": "f", "InvocationType": "Event", "Payload": STANDARD.encode(payload) });
    house.ok("Invoke", input).await;
}

/// Moves the clock on and works on what is due; gives the number of invocations so far.
async fn after(house: &House, seconds: u64) -> usize {
    house.bench.clock.advance_ms(seconds * 1000);
    house.lambda.process_due().await;
    house.asked().len()
}

/// Fact L30: after errors of the function one minute, then two.
#[tokio::test]
async fn tries_again_after_one_and_two_minutes() {
    let house = House::new().await;
    house.script([FAILURE, FAILURE, FAILURE]);
    send(&house, "1").await;
    assert_eq!(after(&house, 0).await, 1);
    assert_eq!(after(&house, 59).await, 1);
    assert_eq!(after(&house, 1).await, 2);
    assert_eq!(after(&house, 119).await, 2);
    assert_eq!(after(&house, 1).await, 3);
    assert_eq!(after(&house, 21_600).await, 3);
    let asked = house.executor.asked.lock().expect("a lock");
    // Fact L31: the request id stays the same.
    assert!(asked.iter().all(|(_, call)| call.request_id == asked[0].1.request_id));
}

#[tokio::test]
async fn stops_at_the_first_success() {
    let house = House::new().await;
    house.script([FAILURE]);
    send(&house, "1").await;
    assert_eq!(after(&house, 0).await, 1);
    assert_eq!(after(&house, 60).await, 2);
    assert_eq!(after(&house, 21_600).await, 2);
}

#[tokio::test]
async fn keeps_to_the_configuration() {
    let house = House::new().await;
    house.ok("PutFunctionEventInvokeConfig", json!({ "FunctionName": "f", "MaximumRetryAttempts": 0 })).await;
    house.script([FAILURE]);
    send(&house, "1").await;
    assert_eq!(after(&house, 0).await, 1);
    assert_eq!(after(&house, 600).await, 1);
    house.ok("PutFunctionEventInvokeConfig", json!({ "FunctionName": "f", "MaximumEventAgeInSeconds": 60 })).await;
    house.script([FAILURE, FAILURE]);
    send(&house, "2").await;
    assert_eq!(after(&house, 0).await, 2);
    assert_eq!(after(&house, 60).await, 3);
    // The next attempt would come after the event's end.
    assert_eq!(after(&house, 600).await, 3);
}

#[tokio::test]
async fn waits_longer_and_longer_while_throttled() {
    let house = House::new().await;
    house.script((0..3).map(|_| Script::Refuse(|| Error::TooManyEnvironments)));
    send(&house, "1").await;
    assert_eq!(after(&house, 0).await, 1);
    assert_eq!(after(&house, 1).await, 2);
    assert_eq!(after(&house, 1).await, 2);
    assert_eq!(after(&house, 1).await, 3);
    assert_eq!(after(&house, 4).await, 4);
    assert_eq!(after(&house, 600).await, 4);
}

#[tokio::test]
async fn survives_a_restart() {
    let house = House::on_disk();
    house.create("f").await;
    house.script([FAILURE]);
    send(&house, "1").await;
    send(&house, "2").await;
    house.lambda.process_due().await;
    let house = house.restarted();
    assert_eq!(after(&house, 59).await, 0);
    assert_eq!(after(&house, 1).await, 1);
    let house = house.restarted();
    assert_eq!(after(&house, 600).await, 0);
}

#[tokio::test]
async fn drops_events_of_deleted_functions() {
    let house = House::new().await;
    send(&house, "1").await;
    house.ok("DeleteFunction", json!({ "FunctionName": "f" })).await;
    house.create("f").await;
    assert_eq!(after(&house, 600).await, 0);
}

#[tokio::test]
async fn runs_events_in_the_background() {
    let house = House::new().await;
    let worker = tokio::spawn(house.lambda.clone().run());
    send(&house, "1").await;
    while house.asked().is_empty() {
        tokio::task::yield_now().await;
    }
    worker.abort();
    assert_eq!(house.asked(), [("f:$LATEST".to_owned(), "1".to_owned())]);
}

/// Fact L31: the record that a destination gets.
#[tokio::test]
async fn sends_records_to_destinations() {
    let house = House::new().await;
    house.create("ok").await;
    house.create("bad").await;
    let arn = |name: &str| format!("arn:aws:lambda:us-east-1:000000000000:function:{name}");
    let destinations = json!({ "OnSuccess": { "Destination": arn("ok") }, "OnFailure": { "Destination": arn("bad") } });
    let config = json!({ "FunctionName": "f", "MaximumRetryAttempts": 0, "DestinationConfig": destinations });
    house.ok("PutFunctionEventInvokeConfig", config).await;
    house.script([Script::Answer("\"done\"")]);
    send(&house, "{\"a\":1}").await;
    after(&house, 0).await;
    house.script([FAILURE]);
    send(&house, "2").await;
    after(&house, 0).await;
    let asked = house.asked();
    let names: Vec<&str> = asked.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["f:$LATEST", "ok:$LATEST", "f:$LATEST", "bad:$LATEST"]);
    let mut record: Value = serde_json::from_str(&asked[1].1).expect("JSON");
    record["requestContext"]["requestId"] = json!("?");
    let expected = json!({
        "version": "1.0",
        "timestamp": "2026-11-21T09:30:00.000Z",
        "requestContext": {
            "requestId": "?", "functionArn": format!("{}:$LATEST", arn("f")), "condition": "Success",
            "approximateInvokeCount": 1,
        },
        "requestPayload": { "a": 1 },
        "responseContext": { "statusCode": 200, "executedVersion": "$LATEST" },
        "responsePayload": "done",
    });
    assert_eq!(record, expected);
    let failed: Value = serde_json::from_str(&asked[3].1).expect("JSON");
    assert_eq!(failed["requestContext"]["condition"], "RetriesExhausted");
    assert_eq!(failed["responseContext"]["functionError"], "Unhandled");
}

/// Fact L32.
#[tokio::test]
async fn gives_up_at_once_without_concurrency() {
    let house = House::new().await;
    house.create("bad").await;
    let bad = "arn:aws:lambda:us-east-1:000000000000:function:bad";
    let destinations = json!({ "OnFailure": { "Destination": bad } });
    house.ok("PutFunctionEventInvokeConfig", json!({ "FunctionName": "f", "DestinationConfig": destinations })).await;
    house.ok("PutFunctionConcurrency", json!({ "FunctionName": "f", "ReservedConcurrentExecutions": 0 })).await;
    send(&house, "1").await;
    assert_eq!(after(&house, 0).await, 1);
    let record: Value = serde_json::from_str(&house.asked()[0].1).expect("JSON");
    assert_eq!(record["requestContext"]["condition"], "ZeroReservedConcurrency");
    assert_eq!(record["requestContext"]["approximateInvokeCount"], 0);
}

#[tokio::test]
async fn refuses_destinations_that_cannot_be() {
    let house = House::new().await;
    let put = |arn: &str| json!({ "FunctionName": "f", "DestinationConfig": { "OnFailure": { "Destination": arn } } });
    let own = house.err("PutFunctionEventInvokeConfig", put(super::ARN)).await;
    assert_eq!(own.1, "You can't specify the function as a destination for itself.");
    let queue = house.err("PutFunctionEventInvokeConfig", put("arn:aws:sqs:us-east-1:000000000000:q")).await;
    assert_eq!(queue.0, "NotImplemented");
}
