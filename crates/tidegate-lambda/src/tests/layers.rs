//! Layers: numbers, sizes, and what functions make of them.

use super::house::{House, function, zip};
use serde_json::{Value, json};

const LAYER: &str = "arn:aws:lambda:us-east-1:000000000000:layer:l";

async fn publish(house: &House, name: &str, text: &str) -> Value {
    let content = json!({ "ZipFile": zip(&[("python/l.py", text)]) });
    house
        .ok(
            "PublishLayerVersion",
            json!({ "LayerName": name, "Content": content, "CompatibleRuntimes": ["python3.12"] }),
        )
        .await
}

fn with_layers(layers: Value) -> Value {
    let mut input = function("f", &zip(&[("index.js", "")]));
    input["Layers"] = layers;
    input
}

#[tokio::test]
async fn numbers_are_never_given_twice() {
    let house = House::empty();
    publish(&house, "l", "1").await;
    house.ok("DeleteLayerVersion", json!({ "LayerName": "l", "VersionNumber": 1 })).await;
    let second = publish(&house, "l", "2").await;
    assert_eq!(second["LayerVersionArn"], format!("{LAYER}:2"));
    let list = house.ok("ListLayerVersions", json!({ "LayerName": "l", "CompatibleRuntime": "python3.12" })).await;
    assert_eq!(list["LayerVersions"].as_array().map(Vec::len), Some(1));
    let other = house.ok("ListLayerVersions", json!({ "LayerName": "l", "CompatibleRuntime": "nodejs20.x" })).await;
    assert_eq!(other["LayerVersions"], json!([]));
}

#[tokio::test]
async fn gives_layers_to_the_function_in_order() {
    let house = House::empty();
    publish(&house, "l", "1").await;
    publish(&house, "m", "2").await;
    let layers = json!([format!("{LAYER}:1"), "arn:aws:lambda:us-east-1:000000000000:layer:m:1"]);
    let created = house.ok("CreateFunction", with_layers(layers)).await;
    assert_eq!(created["Layers"][0]["Arn"], format!("{LAYER}:1"));
    // A function keeps a layer that was deleted.
    house.ok("DeleteLayerVersion", json!({ "LayerName": "l", "VersionNumber": 1 })).await;
    let house = house.restarted();
    house.ok("Invoke", json!({ "FunctionName": "f" })).await;
    let asked = house.executor.asked.lock().expect("a lock");
    let texts: Vec<_> =
        asked[0].0.layer_dirs.iter().map(|dir| std::fs::read_to_string(dir.join("python/l.py")).ok()).collect();
    assert_eq!(texts, [Some("1".to_owned()), Some("2".to_owned())]);
}

/// Texts of fact L68.
#[tokio::test]
async fn refuses_what_does_not_fit() {
    let house = House::empty();
    publish(&house, "l", "1").await;
    publish(&house, "l", "2").await;
    let (one, two) = (format!("{LAYER}:1"), format!("{LAYER}:2"));
    let twice = format!(
        "Two different versions of the same layer are not allowed to be referenced in the same function. {one} and {two} are versions of the same layer."
    );
    let cases = [
        (json!([one, one, one, one, one, one]), "Cannot reference more than 5 layers.".to_owned()),
        (json!([one, two]), twice),
        (json!([format!("{LAYER}:9")]), format!("Layer version {LAYER}:9 does not exist.")),
    ];
    for (layers, message) in cases {
        let error = ("InvalidParameterValueException".to_owned(), message);
        assert_eq!(house.err("CreateFunction", with_layers(layers)).await, error);
    }
}
