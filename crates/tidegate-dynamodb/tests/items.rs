//! Reading and writing single items, as sessions.

mod common;

use common::{Session, json};

const KEY: &str = r#""TableName":"tab","Key":{"pk":{"S":"a"}}"#;

#[tokio::test]
async fn what_is_put_is_read_back() {
    let s = Session::new();
    s.table(false).await;
    let item = r#"{"pk":{"S":"a"},"n":{"N":"1.50"},"b":{"B":"AAEC"},"l":{"L":[{"NULL":true},{"BOOL":false}]},
        "m":{"M":{"é":{"S":"ü\n\""}}},"ss":{"SS":["y","x"]},"ns":{"NS":["10","2"]},"bs":{"BS":["YQ=="]},"empty":{"S":""}}"#;
    assert_eq!(s.ok("PutItem", &format!(r#"{{"TableName":"tab","Item":{item}}}"#)).await, json("{}"));
    let expect =
        item.replace("1.50", "1.5").replace(r#"["y","x"]"#, r#"["x","y"]"#).replace(r#"["10","2"]"#, r#"["2","10"]"#);
    assert_eq!(s.ok("GetItem", &format!("{{{KEY}}}")).await["Item"], json(&expect));
    assert_eq!(s.ok("GetItem", r#"{"TableName":"tab","Key":{"pk":{"S":"nobody"}}}"#).await, json("{}"));
    let arn = r##"{"TableName":"arn:aws:dynamodb:us-east-1:000000000000:table/tab","Key":{"pk":{"S":"a"}},
        "ProjectionExpression":"m.#e, l[1]","ExpressionAttributeNames":{"#e":"é"}}"##;
    let shown = json(r#"{"m":{"M":{"é":{"S":"ü\n\""}}},"l":{"L":[{"BOOL":false}]}}"#);
    assert_eq!(s.ok("GetItem", arn).await["Item"], shown);
    assert_eq!(
        s.ok("GetItem", &format!(r#"{{{KEY},"AttributesToGet":["n","nope"]}}"#)).await["Item"],
        json(r#"{"n":{"N":"1.5"}}"#)
    );
}

#[tokio::test]
async fn conditions_guard_writes() {
    let s = Session::new();
    s.table(false).await;
    let fresh =
        r#""TableName":"tab","Item":{"pk":{"S":"a"},"v":{"N":"1"}},"ConditionExpression":"attribute_not_exists(pk)""#;
    s.ok("PutItem", &format!("{{{fresh}}}")).await;
    let failed = ("ConditionalCheckFailedException".to_owned(), "The conditional request failed".to_owned());
    assert_eq!(s.err("PutItem", &format!("{{{fresh}}}")).await, failed);
    let shown = s.call("PutItem", &format!(r#"{{{fresh},"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}}"#)).await;
    assert_eq!(shown.unwrap_err().fields["Item"], json(r#"{"pk":{"S":"a"},"v":{"N":"1"}}"#));
    let guarded = |v: &str| {
        format!(
            r#"{{{KEY},"ConditionExpression":"v = :v","ExpressionAttributeValues":{{":v":{{"N":"{v}"}}}},"ReturnValues":"ALL_OLD"}}"#
        )
    };
    assert_eq!(s.err("DeleteItem", &guarded("2")).await, failed);
    assert_eq!(s.ok("DeleteItem", &guarded("1")).await["Attributes"]["v"], json(r#"{"N":"1"}"#));
    assert_eq!(s.ok("DeleteItem", &format!(r#"{{{KEY},"ReturnValues":"ALL_OLD"}}"#)).await, json("{}"));
    let update = format!(
        r#"{{{KEY},"UpdateExpression":"SET v = :v","ConditionExpression":"attribute_exists(pk)","ExpressionAttributeValues":{{":v":{{"N":"2"}}}}}}"#
    );
    assert_eq!(s.err("UpdateItem", &update).await, failed);
}

#[tokio::test]
async fn older_parameters_mean_the_same() {
    let s = Session::new();
    s.table(false).await;
    s.put(r#"{"pk":{"S":"a"},"v":{"N":"1"},"s":{"SS":["x","y"]}}"#).await;
    let expected =
        |e: &str| format!(r#"{{"TableName":"tab","Item":{{"pk":{{"S":"a"}},"v":{{"N":"2"}}}},"Expected":{e}}}"#);
    let failing = [
        r#"{"pk":{"Exists":false}}"#,
        r#"{"v":{"Value":{"N":"7"}}}"#,
        r#"{"v":{"ComparisonOperator":"NULL"}}"#,
        r#"{"v":{"ComparisonOperator":"BETWEEN","AttributeValueList":[{"N":"5"},{"N":"6"}]}}"#,
    ];
    for e in failing {
        assert_eq!(s.err("PutItem", &expected(e)).await.0, "ConditionalCheckFailedException", "{e}");
    }
    let updates = format!(
        r#"{{{KEY},"AttributeUpdates":{{"v":{{"Action":"ADD","Value":{{"N":"4"}}}},"s":{{"Action":"DELETE","Value":{{"SS":["x"]}}}},
        "l":{{"Action":"ADD","Value":{{"L":[{{"S":"one"}}]}}}}}},"ReturnValues":"ALL_NEW","Expected":{{"v":{{"ComparisonOperator":"LT","AttributeValueList":[{{"N":"2"}}]}}}}}}"#
    );
    let expect = json(r#"{"pk":{"S":"a"},"v":{"N":"5"},"s":{"SS":["y"]},"l":{"L":[{"S":"one"}]}}"#);
    assert_eq!(s.ok("UpdateItem", &updates).await["Attributes"], expect);
    let mixed = format!(r#"{{{KEY},"AttributeUpdates":{{"v":{{"Action":"DELETE"}}}},"UpdateExpression":"REMOVE v"}}"#);
    assert_eq!(
        s.err("UpdateItem", &mixed).await.1,
        "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributeUpdates} Expression parameters: {UpdateExpression}"
    );
}

#[tokio::test]
async fn updates_return_what_was_asked_for() {
    let s = Session::new();
    s.table(false).await;
    s.put(r#"{"pk":{"S":"a"},"v":{"N":"1"},"m":{"M":{"x":{"N":"1"},"y":{"N":"1"}}}}"#).await;
    let update = |returns: &str| {
        format!(
            r#"{{{KEY},"UpdateExpression":"SET m.x = m.x + :one, w = :one","ExpressionAttributeValues":{{":one":{{"N":"1"}}}},"ReturnValues":"{returns}"}}"#
        )
    };
    let cases = [
        ("UPDATED_OLD", r#"{"m":{"M":{"x":{"N":"1"}}}}"#),
        ("UPDATED_NEW", r#"{"m":{"M":{"x":{"N":"3"}}},"w":{"N":"1"}}"#),
        ("ALL_OLD", r#"{"pk":{"S":"a"},"v":{"N":"1"},"w":{"N":"1"},"m":{"M":{"x":{"N":"3"},"y":{"N":"1"}}}}"#),
        ("ALL_NEW", r#"{"pk":{"S":"a"},"v":{"N":"1"},"w":{"N":"1"},"m":{"M":{"x":{"N":"5"},"y":{"N":"1"}}}}"#),
    ];
    for (returns, expect) in cases {
        assert_eq!(s.ok("UpdateItem", &update(returns)).await["Attributes"], json(expect), "{returns}");
    }
    assert_eq!(s.ok("UpdateItem", &update("NONE")).await, json("{}"));
    let new = r#"{"TableName":"tab","Key":{"pk":{"S":"new"}},"ReturnValues":"ALL_NEW"}"#;
    assert_eq!(s.ok("UpdateItem", new).await["Attributes"], json(r#"{"pk":{"S":"new"}}"#));
}

const NULL: &str = "failed to satisfy constraint: Member must not be null";

/// Requests on a table with keys `pk` (S) and `sk` (N), and what is wrong with them. `KEY`,
/// `ITEM`, `LONG` and `NULL` stand for longer texts.
const WRONG: &[(&str, &str, &str)] = &[
    ("GetItem", "{}", "1 validation error detected: Value at 'TableName' NULL"),
    ("GetItem", r#"{"TableName":"tab"}"#, "1 validation error detected: Value at 'Key' NULL"),
    (
        "GetItem",
        r#"{"TableName":"","Key":{}}"#,
        "1 validation error detected: Value at 'TableName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ),
    (
        "GetItem",
        r#"{"TableName":"a;","Key":{}}"#,
        "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'",
    ),
    (
        "GetItem",
        r#"{"TableName":"tab","Key":{},"ReturnConsumedCapacity":"x"}"#,
        "1 validation error detected: Failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
    ),
    ("GetItem", r#"{"TableName":"tab","Key":{"pk":{"S":"a"}}}"#, "The provided key element does not match the schema"),
    (
        "GetItem",
        r#"{"TableName":"tab","Key":{"pk":{"S":"a"},"sk":{"S":"1"}}}"#,
        "The provided key element does not match the schema",
    ),
    (
        "GetItem",
        r#"{"TableName":"tab","Key":{"pk":{"S":""},"sk":{"N":"1"}}}"#,
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
    ),
    (
        "GetItem",
        r#"{KEY,"ProjectionExpression":"a","AttributesToGet":["a"]}"#,
        "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}",
    ),
    (
        "GetItem",
        r##"{KEY,"ExpressionAttributeNames":{"#a":"b"}}"##,
        "ExpressionAttributeNames can only be specified when using expressions",
    ),
    (
        "PutItem",
        r#"{"TableName":"tab","Item":{"pk":{"S":"a"}}}"#,
        "One or more parameter values were invalid: Missing the key sk in the item",
    ),
    (
        "PutItem",
        r#"{"TableName":"tab","Item":{"pk":{"N":"1"},"sk":{"N":"1"}}}"#,
        "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N",
    ),
    (
        "PutItem",
        r#"{"TableName":"tab","Item":{"pk":{"S":"LONG"},"sk":{"N":"1"}}}"#,
        "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
    ),
    (
        "PutItem",
        r#"{"TableName":"tab","Item":{"pk":{"S":"a"},"sk":{"N":"1e126"}}}"#,
        "Number overflow. Attempting to store a number with magnitude larger than supported range",
    ),
    ("PutItem", r#"{ITEM,"ReturnValues":"ALL_NEW"}"#, "ReturnValues can only be ALL_OLD or NONE"),
    (
        "PutItem",
        r#"{ITEM,"ExpressionAttributeValues":{":a":{"S":"b"}}}"#,
        "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null",
    ),
    (
        "PutItem",
        r#"{ITEM,"ConditionExpression":"a = :a","ExpressionAttributeValues":{":a":{"N":"x"}}}"#,
        "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :a",
    ),
    (
        "UpdateItem",
        r#"{KEY,"UpdateExpression":"SET sk = :a","ExpressionAttributeValues":{":a":{"N":"2"}}}"#,
        "One or more parameter values were invalid: Cannot update attribute sk. This attribute is part of the key",
    ),
    (
        "UpdateItem",
        r#"{KEY,"UpdateExpression":"SET v = :a","ExpressionAttributeValues":{":a":{"N":"2"},":b":{"N":"2"}}}"#,
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}",
    ),
    (
        "UpdateItem",
        r#"{KEY,"UpdateExpression":"SET v = q"}"#,
        "The provided expression refers to an attribute that does not exist in the item",
    ),
    (
        "UpdateItem",
        r#"{KEY,"UpdateExpression":"REMOVE q.a"}"#,
        "The document path provided in the update expression is invalid for update",
    ),
];

#[tokio::test]
async fn wrong_requests_get_aws_sentences() {
    let s = Session::new();
    s.table(true).await;
    let good = r#"{"pk":{"S":"a"},"sk":{"N":"1"}}"#;
    for (operation, input, message) in WRONG {
        let input = input
            .replace("LONG", &"x".repeat(2049))
            .replace("{KEY", &format!(r#"{{"TableName":"tab","Key":{good}"#))
            .replace("{ITEM", &format!(r#"{{"TableName":"tab","Item":{good}"#));
        let expect = ("ValidationException".to_owned(), message.replace("NULL", NULL));
        assert_eq!(s.err(operation, &input).await, expect, "{operation} {input:.200}");
    }
    let missing = r#"{"TableName":"nope","Key":{"pk":{"S":"a"}}}"#;
    let told = ("ResourceNotFoundException".to_owned(), "Requested resource not found".to_owned());
    assert_eq!(s.err("GetItem", missing).await, told);
    let number = ("SerializationException".to_owned(), "NUMBER_VALUE cannot be converted to String".to_owned());
    assert_eq!(s.err("GetItem", r#"{"TableName":5,"Key":{}}"#).await, number);
    assert_eq!(s.err("GetItem", "{").await, ("SerializationException".to_owned(), String::new()));
}

#[tokio::test]
async fn items_end_at_400_kilobytes() {
    let s = Session::new();
    s.table(false).await;
    let put = |bytes: usize| {
        format!(r#"{{"TableName":"tab","Item":{{"pk":{{"S":"a"}},"v":{{"S":"{}"}}}}}}"#, "x".repeat(bytes))
    };
    // Names and values count: pk, a, v.
    s.ok("PutItem", &put(409_600 - 4)).await;
    let told = "Item size has exceeded the maximum allowed size";
    assert_eq!(s.err("PutItem", &put(409_600 - 3)).await.1, told);
    let update =
        format!(r#"{{{KEY},"UpdateExpression":"SET w = :w","ExpressionAttributeValues":{{":w":{{"S":""}}}}}}"#);
    assert_eq!(s.err("UpdateItem", &update).await.1, "Item size to update has exceeded the maximum allowed size");
}

#[tokio::test]
async fn capacity_counts_the_larger_image() {
    let s = Session::new();
    s.table(false).await;
    let put = |bytes: usize| {
        let v = "x".repeat(bytes);
        format!(
            r#"{{"TableName":"tab","Item":{{"pk":{{"S":"a"}},"v":{{"S":"{v}"}}}},"ReturnConsumedCapacity":"TOTAL"}}"#
        )
    };
    let units = |answer: serde_json::Value| answer["ConsumedCapacity"]["CapacityUnits"].as_f64().unwrap();
    assert_eq!(units(s.ok("PutItem", &put(1)).await), 1.0);
    assert_eq!(units(s.ok("PutItem", &put(5000)).await), 5.0);
    assert_eq!(units(s.ok("PutItem", &put(1)).await), 5.0);
    s.ok("PutItem", &put(5000)).await;
    let get =
        |consistent: bool| format!(r#"{{{KEY},"ReturnConsumedCapacity":"INDEXES","ConsistentRead":{consistent}}}"#);
    let expect = json(r#"{"TableName":"tab","CapacityUnits":2.0,"Table":{"CapacityUnits":2.0}}"#);
    assert_eq!(s.ok("GetItem", &get(true)).await["ConsumedCapacity"], expect);
    assert_eq!(units(s.ok("GetItem", &get(false)).await), 1.0);
}
