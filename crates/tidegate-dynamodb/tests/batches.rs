//! Batches and transactions.

mod common;

use common::{Session, json};

#[tokio::test]
async fn batches_write_and_read_across_tables() {
    let s = Session::new();
    s.table(false).await;
    s.ok(
        "CreateTable",
        r#"{"TableName":"other","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"N"}],
            "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}"#,
    )
    .await;
    s.put(r#"{"pk":{"S":"old"}}"#).await;
    let write = r#"{"RequestItems":{"tab":[{"PutRequest":{"Item":{"pk":{"S":"a"},"v":{"N":"1"}}}},{"DeleteRequest":{"Key":{"pk":{"S":"old"}}}}],
        "other":[{"PutRequest":{"Item":{"id":{"N":"1"}}}}]},"ReturnConsumedCapacity":"TOTAL"}"#;
    let answer = s.ok("BatchWriteItem", write).await;
    assert_eq!(answer["UnprocessedItems"], json("{}"));
    assert_eq!(
        answer["ConsumedCapacity"],
        json(r#"[{"TableName":"tab","CapacityUnits":2.0},{"TableName":"other","CapacityUnits":1.0}]"#)
    );
    let read = r#"{"RequestItems":{"tab":{"Keys":[{"pk":{"S":"a"}},{"pk":{"S":"old"}}],"ProjectionExpression":"v"},"other":{"Keys":[{"id":{"N":"1.0"}}],"ConsistentRead":true}}}"#;
    let expect = json(r#"{"Responses":{"tab":[{"v":{"N":"1"}}],"other":[{"id":{"N":"1"}}]},"UnprocessedKeys":{}}"#);
    assert_eq!(s.ok("BatchGetItem", read).await, expect);
}

#[tokio::test]
async fn wrong_batches_write_nothing() {
    let s = Session::new();
    s.table(false).await;
    let put = |key: &str| format!(r#"{{"PutRequest":{{"Item":{{"pk":{{"S":"{key}"}}}}}}}}"#);
    let write = |requests: &str| format!(r#"{{"RequestItems":{{"tab":[{requests}]}}}}"#);
    let many = (0..26).map(|n| put(&format!("k{n}"))).collect::<Vec<_>>().join(",");
    let cases = [
        (
            "BatchWriteItem",
            "{}".to_owned(),
            "1 validation error detected: Value at 'RequestItems' failed to satisfy constraint: Member must not be null",
        ),
        (
            "BatchWriteItem",
            r#"{"RequestItems":{}}"#.to_owned(),
            "1 validation error detected: Value at 'RequestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ),
        ("BatchWriteItem", write(&many), "Too many items requested for the BatchWriteItem call"),
        (
            "BatchWriteItem",
            write(&format!("{},{}", put("a"), put("a"))),
            "Provided list of item keys contains duplicates",
        ),
        (
            "BatchWriteItem",
            write(&format!(r#"{},{{"PutRequest":{{"Item":{{"pk":{{"N":"1"}}}}}}}}"#, put("a"))),
            "The provided key element does not match the schema",
        ),
        (
            "BatchWriteItem",
            write(&format!(r#"{},{{"DeleteRequest":{{"Key":{{"x":{{"N":"1"}}}}}}}}"#, put("a"))),
            "The provided key element does not match the schema",
        ),
        (
            "BatchGetItem",
            r#"{"RequestItems":{"tab":{"Keys":[]}}}"#.to_owned(),
            "1 validation error detected: Value at 'RequestItems.Member.Keys' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ),
        (
            "BatchGetItem",
            r#"{"RequestItems":{"tab":{"Keys":[{"pk":{"S":"a"}},{"pk":{"S":"a"}}]}}}"#.to_owned(),
            "Provided list of item keys contains duplicates",
        ),
        (
            "BatchGetItem",
            r#"{"RequestItems":{"tab":{"Keys":[{"pk":{"N":"1e126"}}]}}}"#.to_owned(),
            "Number overflow. Attempting to store a number with magnitude larger than supported range",
        ),
    ];
    for (operation, input, message) in cases {
        let (code, told) = s.err(operation, &input).await;
        assert_eq!((code.as_str(), told.as_str()), ("ValidationException", message), "{input:.200}");
    }
    let missing = write(&put("a")).replace("\"tab\"", "\"nope\"");
    assert_eq!(s.err("BatchWriteItem", &missing).await.0, "ResourceNotFoundException");
    assert_eq!(s.ok("Scan", r#"{"TableName":"tab"}"#).await["Count"], 0);
}

#[tokio::test]
async fn transactions_do_all_or_nothing() {
    let s = Session::new();
    s.table(false).await;
    s.put(r#"{"pk":{"S":"stock"},"n":{"N":"1"}}"#).await;
    let order = r#"{"TransactItems":[
        {"Put":{"TableName":"tab","Item":{"pk":{"S":"order"}},"ConditionExpression":"attribute_not_exists(pk)"}},
        {"Update":{"TableName":"tab","Key":{"pk":{"S":"stock"}},"UpdateExpression":"SET n = n - :one","ConditionExpression":"n >= :one",
            "ExpressionAttributeValues":{":one":{"N":"1"}},"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}},
        {"ConditionCheck":{"TableName":"tab","Key":{"pk":{"S":"ban"}},"ConditionExpression":"attribute_not_exists(pk)"}},
        {"Delete":{"TableName":"tab","Key":{"pk":{"S":"cart"}}}}],"ReturnConsumedCapacity":"TOTAL"}"#;
    let answer = s.ok("TransactWriteItems", order).await;
    let expect = json(r#"[{"TableName":"tab","CapacityUnits":8.0,"WriteCapacityUnits":8.0}]"#);
    assert_eq!(answer["ConsumedCapacity"], expect);
    let error = s.call("TransactWriteItems", order).await.unwrap_err();
    assert_eq!(error.code, "TransactionCanceledException");
    assert_eq!(
        error.message,
        "Transaction cancelled, please refer cancellation reasons for specific reasons [ConditionalCheckFailed, ConditionalCheckFailed, None, None]"
    );
    let reasons = json(
        r#"[{"Code":"ConditionalCheckFailed","Message":"The conditional request failed"},
        {"Code":"ConditionalCheckFailed","Message":"The conditional request failed","Item":{"pk":{"S":"stock"},"n":{"N":"0"}}},
        {"Code":"None"},{"Code":"None"}]"#,
    );
    assert_eq!(error.fields["CancellationReasons"], reasons);
    let get = r#"{"TransactItems":[{"Get":{"TableName":"tab","Key":{"pk":{"S":"stock"}},"ProjectionExpression":"n"}},{"Get":{"TableName":"tab","Key":{"pk":{"S":"nobody"}}}}],"ReturnConsumedCapacity":"TOTAL"}"#;
    let expect = json(
        r#"{"Responses":[{"Item":{"n":{"N":"0"}}},{}],"ConsumedCapacity":[{"TableName":"tab","CapacityUnits":4.0,"ReadCapacityUnits":4.0}]}"#,
    );
    assert_eq!(s.ok("TransactGetItems", get).await, expect);
}

#[tokio::test]
async fn tokens_make_transactions_repeatable() {
    let s = Session::new();
    s.table(false).await;
    let add = |token: &str, n: u32| {
        format!(
            r#"{{"ClientRequestToken":"{token}","ReturnConsumedCapacity":"TOTAL","TransactItems":[{{"Update":{{"TableName":"tab","Key":{{"pk":{{"S":"a"}}}},
            "UpdateExpression":"ADD n :n","ExpressionAttributeValues":{{":n":{{"N":"{n}"}}}}}}}}]}}"#
        )
    };
    let count =
        async || s.ok("GetItem", r#"{"TableName":"tab","Key":{"pk":{"S":"a"}}}"#).await["Item"]["n"]["N"].clone();
    s.ok("TransactWriteItems", &add("one", 1)).await;
    let again = s.ok("TransactWriteItems", &add("one", 1)).await;
    assert_eq!(again["ConsumedCapacity"][0]["ReadCapacityUnits"], 2.0);
    assert_eq!(count().await, "1");
    assert_eq!(s.err("TransactWriteItems", &add("one", 2)).await.0, "IdempotentParameterMismatchException");
    s.ok("TransactWriteItems", &add("two", 1)).await;
    assert_eq!(count().await, "2");
    // After ten minutes the token is free again.
    s.bench.clock.advance_ms(10 * 60 * 1000 + 1);
    s.ok("TransactWriteItems", &add("one", 5)).await;
    assert_eq!(count().await, "7");
}

#[tokio::test]
async fn wrong_transactions_are_refused_or_canceled() {
    let s = Session::new();
    s.table(false).await;
    let put = |item: &str| format!(r#"{{"Put":{{"TableName":"tab","Item":{item}}}}}"#);
    let write = |actions: &str| format!(r#"{{"TransactItems":[{actions}]}}"#);
    let a = put(r#"{"pk":{"S":"a"}}"#);
    let refused = [
        (
            "{}".to_owned(),
            "1 validation error detected: Value at 'TransactItems' failed to satisfy constraint: Member must not be null",
        ),
        (
            write(""),
            "1 validation error detected: Value at 'TransactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ),
        (write("{}"), "TransactItems can only contain one of Check, Put, Update or Delete"),
        (write(&format!("{a},{a}")), "Transaction request cannot include multiple operations on one item"),
        (
            write(&put(r#"{"pk":{"S":""}}"#)),
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
        ),
        (
            write(&put(&format!(r#"{{"pk":{{"S":"a"}},"v":{{"S":"{}"}}}}"#, "x".repeat(409_600)))),
            "Item size has exceeded the maximum allowed size",
        ),
        (
            write(r#"{"Update":{"TableName":"tab","Key":{"pk":{"S":"a"}},"UpdateExpression":"SET"}}"#),
            "Invalid UpdateExpression: Syntax error; token: \"<EOF>\", near: \"SET\"",
        ),
    ];
    for (input, message) in refused {
        let (code, told) = s.err("TransactWriteItems", &input).await;
        assert_eq!((code.as_str(), told.as_str()), ("ValidationException", message), "{input:.200}");
    }
    let canceled = [
        (
            put(r#"{"pk":{"N":"1"}}"#),
            "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N",
        ),
        (
            r#"{"Delete":{"TableName":"tab","Key":{"pk":{"N":"1"}}}}"#.to_owned(),
            "The provided key element does not match the schema",
        ),
        (
            r#"{"Update":{"TableName":"tab","Key":{"pk":{"S":"b"}},"UpdateExpression":"SET v = q"}}"#.to_owned(),
            "The provided expression refers to an attribute that does not exist in the item",
        ),
    ];
    for (action, message) in canceled {
        let error = s.call("TransactWriteItems", &write(&format!("{a},{action}"))).await.unwrap_err();
        assert_eq!(error.code, "TransactionCanceledException", "{action}");
        let reason = serde_json::json!({"Code": "ValidationError", "Message": message});
        assert_eq!(error.fields["CancellationReasons"][1], reason, "{action}");
    }
    assert_eq!(s.ok("Scan", r#"{"TableName":"tab"}"#).await["Count"], 0);
}
