//! Parameter mappings, after the examples on
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html>.

mod support;

use serde_json::{Value, json};
use support::{FUNCTION, World, body, merged, request, returned, shown, text, with};

fn function(more: Value) -> Value {
    let plain = json!({"IntegrationType": "AWS_PROXY", "IntegrationUri": FUNCTION, "PayloadFormatVersion": "2.0"});
    merged(plain, more)
}

#[tokio::test]
async fn requests_are_changed_on_their_way() {
    let world = World::new();
    let rules = json!({
        "append:header.header1": "$context.requestId", "append:header.both": "${context.stage}-${request.path.id}",
        "overwrite:header.old": "new", "remove:header.gone": "''", "append:header.none": "$request.header.none",
        "append:querystring.a": "x y", "overwrite:querystring.b": "$request.body.user.name", "remove:querystring.c": "''",
        "overwrite:path": "/v2${request.path}", "append:header.v": "$stageVariables.v",
    });
    let api = world.api_with(json!({}), function(json!({"RequestParameters": rules})), &["POST /items/{id}"]).await;
    world.ok("UpdateStage", json!({"ApiId": api, "StageName": "$default", "StageVariables": {"v": "1"}})).await;
    let sent = request(&api, "POST", "/items/7?a=1&b=2&c=3&b=4");
    let sent = with(with(sent, "old", "1"), "gone", "1");
    world.send(body(sent, Some("application/json"), br#"{"user":{"name":"Zo\u00eb"}}"#)).await;
    let event = world.calls().pop().expect("a call").event;
    let headers = &event["headers"];
    assert_eq!(headers["header1"], event["requestContext"]["requestId"]);
    assert_eq!((&headers["both"], &headers["old"], &headers["v"]), (&json!("$default-7"), &json!("new"), &json!("1")));
    assert!(headers.get("gone").is_none() && headers.get("none").is_none());
    assert_eq!(event["rawQueryString"], json!("a=1&a=x%20y&b=Zo%C3%AB"));
    assert_eq!(event["queryStringParameters"], json!({"a": "1,x y", "b": "Zo\u{eb}"}));
    assert_eq!((&event["rawPath"], &event["pathParameters"]), (&json!("/v2/items/7"), &json!({"id": "7"})));
}

#[tokio::test]
async fn answers_are_changed_by_status() {
    let world = World::new();
    let rules = json!({
        "500": {"append:header.error": "$stageVariables.none", "overwrite:statuscode": "403"},
        "404": {"append:header.error": "$response.body.reason", "remove:header.x": "''", "overwrite:header.y": "${response.header.x}!"},
    });
    let api = world.api_with(json!({}), function(json!({"ResponseParameters": rules})), &["$default"]).await;
    for (answer, expected) in [
        (r#"{"statusCode":500,"headers":{"x":"1"}}"#, "403 [x=1] "),
        (
            r#"{"statusCode":404,"headers":{"x":"1","y":"2","content-type":"a/b"},"body":"{\"reason\":\"gone\"}"}"#,
            "404 [content-type=a/b error=gone y=1!] {\"reason\":\"gone\"}",
        ),
        (r#"{"statusCode":404,"headers":{"x":"1"},"body":""}"#, "404 [y=1!] "),
        (r#"{"statusCode":200,"headers":{"x":"1"}}"#, "200 [x=1] "),
    ] {
        world.answer(returned(answer));
        assert_eq!(shown(&world.send(request(&api, "GET", "/")).await), expected, "{answer}");
    }
}

/// Terraform removes a parameter by setting it to nothing.
#[tokio::test]
async fn updates_merge() {
    let world = World::new();
    let api = world
        .api_with(
            json!({}),
            function(json!({"RequestParameters": {"append:header.a": "1", "append:header.b": "2"}})),
            &[],
        )
        .await;
    let all = world.ok("GetIntegrations", json!({"ApiId": api})).await;
    let id = text(&all["Items"][0], "IntegrationId");
    let update = |more: Value| merged(json!({"ApiId": api, "IntegrationId": id}), more);
    let updated = world.ok("UpdateIntegration", update(json!({"RequestParameters": {"append:header.a": ""}, "ResponseParameters": {"200": {"append:header.c": "3"}}}))).await;
    assert_eq!(updated["RequestParameters"], json!({"append:header.b": "2"}));
    let updated = world
        .ok(
            "UpdateIntegration",
            update(json!({"RequestParameters": {"append:header.b": ""}, "ResponseParameters": {"200": {}}})),
        )
        .await;
    assert_eq!((&updated["RequestParameters"], &updated["ResponseParameters"]), (&Value::Null, &Value::Null));
    for bad in [
        json!({"RequestParameters": {"append:header.host-less": "$nope"}}),
        json!({"ResponseParameters": {"99": {"append:header.a": "b"}}}),
        json!({"RequestParameters": {"overwrite:header.Authorization": "b"}}),
    ] {
        let error = world.call("UpdateIntegration", update(bad)).await.expect_err("a bad mapping");
        assert!(error.message.starts_with("Invalid mapping expression specified"), "{}", error.message);
    }
}
