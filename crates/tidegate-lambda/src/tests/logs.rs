//! Log lines: written if the role may, dropped if not.

use super::house::House;
use serde_json::json;

async fn invoked() -> House {
    let house = House::new().await;
    house.ok("Invoke", json!({ "FunctionName": "f" })).await;
    house
}

#[tokio::test]
async fn writes_to_the_group_of_the_function() {
    let house = invoked().await;
    house.log("2026/11/21/[$LATEST]0", "hello\n");
    let batches = house.sink.0.lock().expect("a lock");
    let batch = &batches[0];
    assert_eq!(
        (batch.destination.group.as_str(), batch.destination.stream.as_str()),
        ("/aws/lambda/f", "2026/11/21/[$LATEST]0")
    );
    assert_eq!((batch.events[0].message.as_str(), batch.destination.create_group), ("hello\n", true));
}

#[tokio::test]
async fn drops_lines_without_permission() {
    for action in ["logs:PutLogEvents", "logs:CreateLogStream"] {
        let house = invoked().await;
        house.bench.denied.deny(action);
        house.log("s", "hello\n");
        assert!(house.sink.0.lock().expect("a lock").is_empty(), "{action}");
        // The function still answers.
        house.ok("Invoke", json!({ "FunctionName": "f" })).await;
    }
    let house = invoked().await;
    house.bench.denied.deny("logs:CreateLogGroup");
    house.log("s", "hello\n");
    assert!(!house.sink.0.lock().expect("a lock")[0].destination.create_group);
}

#[tokio::test]
async fn asks_again_after_a_second() {
    let house = invoked().await;
    house.log("s", "1");
    house.bench.denied.deny("logs:PutLogEvents");
    house.log("s", "2");
    house.bench.clock.advance_ms(1000);
    house.log("s", "3");
    assert_eq!(house.sink.0.lock().expect("a lock").len(), 2);
}

#[tokio::test]
async fn forgets_deleted_functions() {
    let house = invoked().await;
    house.ok("DeleteFunction", json!({ "FunctionName": "f" })).await;
    house.log("s", "late");
    assert!(house.sink.0.lock().expect("a lock").is_empty());
}
