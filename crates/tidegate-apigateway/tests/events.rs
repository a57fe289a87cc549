//! Events, to the field. Expected values follow the examples on
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>.

mod support;

use serde_json::{Value, json};
use support::{FUNCTION, World, body, request, with};
use tidegate_apigateway::GatewayRequest;

fn v1() -> Value {
    json!({"IntegrationType": "AWS_PROXY", "IntegrationUri": FUNCTION, "PayloadFormatVersion": "1.0"})
}

async fn event(world: &World, request: GatewayRequest) -> Value {
    let response = world.send(request).await;
    assert_eq!(response.status, 200);
    world.calls().pop().expect("a call").event
}

/// Takes what is random or follows from it out, after a look at its shape.
fn without_ids(mut event: Value, headers: &str) -> Value {
    let context = &mut event["requestContext"];
    let id = context["requestId"].as_str().expect("an id").to_owned();
    assert!(id.len() == 16 && id.ends_with('='), "{id}");
    context["requestId"] = json!("ID");
    let trace = event["headers"][headers].as_str().expect("a trace").to_owned();
    assert!(trace.starts_with("Root=1-6b016498-") && trace.len() == 40, "{trace}");
    event["headers"][headers] = json!("TRACE");
    event
}

#[tokio::test]
async fn format_2_has_every_field_and_no_null() {
    let world = World::new();
    let api = world.api(&["POST /my/{id}"]).await;
    world.ok("UpdateStage", json!({"ApiId": api, "StageName": "$default", "StageVariables": {"v": "1"}})).await;
    let sent = request(&api, "POST", "/my/a%20b?parameter1=value1&parameter1=value2&parameter2=va%2Flue+x");
    let sent = [
        ("Header1", "value1"),
        ("Header2", "value1"),
        ("Header2", "value2"),
        ("Cookie", "c1=1; c2=2"),
        ("Cookie", "c3=3"),
        ("User-Agent", "curl/8"),
        ("Connection", "keep-alive"),
    ]
    .into_iter()
    .fold(sent, |r, (name, value)| with(r, name, value));
    let event = event(&world, body(sent, Some("application/json; charset=utf-8"), b"{\"a\":\"\xc3\xbc\"}")).await;
    let host = format!("{api}.execute-api.us-east-1.amazonaws.com");
    assert_eq!(
        without_ids(event, "x-amzn-trace-id"),
        json!({
            "version": "2.0", "routeKey": "POST /my/{id}", "rawPath": "/my/a b",
            "rawQueryString": "parameter1=value1&parameter1=value2&parameter2=va%2Flue+x",
            "cookies": ["c1=1", "c2=2", "c3=3"],
            "headers": {
                "content-length": "10", "content-type": "application/json; charset=utf-8", "header1": "value1",
                "header2": "value1,value2", "host": host, "user-agent": "curl/8", "x-amzn-trace-id": "TRACE",
                "x-forwarded-for": "192.0.2.7", "x-forwarded-port": "443", "x-forwarded-proto": "https",
            },
            "queryStringParameters": {"parameter1": "value1,value2", "parameter2": "va/lue x"},
            "requestContext": {
                "accountId": "000000000000", "apiId": api, "domainName": host, "domainPrefix": api,
                "http": {"method": "POST", "path": "/my/a b", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.7", "userAgent": "curl/8"},
                "requestId": "ID", "routeKey": "POST /my/{id}", "stage": "$default",
                "time": "21/Nov/2026:09:30:00 +0000", "timeEpoch": 1_795_253_400_000_u64,
            },
            "pathParameters": {"id": "a b"}, "stageVariables": {"v": "1"}, "body": "{\"a\":\"\u{fc}\"}", "isBase64Encoded": false,
        })
    );
}

/// The trap of seed-like projects: with only a `$default` route, there are no path parameters.
#[tokio::test]
async fn format_2_leaves_out_what_a_request_does_not_have() {
    let world = World::new();
    let api = world.api(&["$default"]).await;
    let event = event(&world, request(&api, "GET", "/items/7")).await;
    let members: Vec<&str> = event.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(
        members,
        ["version", "routeKey", "rawPath", "rawQueryString", "headers", "requestContext", "isBase64Encoded"]
    );
    assert_eq!(
        (&event["routeKey"], &event["rawPath"], &event["rawQueryString"]),
        (&json!("$default"), &json!("/items/7"), &json!(""))
    );
    assert!(event["requestContext"].get("authorizer").is_none());
    assert_eq!(event["headers"]["content-length"], json!("0"));
}

#[tokio::test]
async fn format_1_has_nulls() {
    let world = World::new();
    let api = world.api_with(json!({}), v1(), &["ANY /handler/{proxy+}"]).await;
    let event = event(&world, request(&api, "GET", "/handler/")).await;
    let host = format!("{api}.execute-api.us-east-1.amazonaws.com");
    let mut expected = json!({
        "version": "1.0", "resource": "/handler/{proxy+}", "path": "/handler/", "httpMethod": "GET",
        "headers": {"Content-Length": "0", "Host": host, "X-Amzn-Trace-Id": "TRACE", "X-Forwarded-For": "192.0.2.7",
            "X-Forwarded-Port": "443", "X-Forwarded-Proto": "https"},
        "queryStringParameters": null, "multiValueQueryStringParameters": null,
        "requestContext": {
            "accountId": "000000000000", "apiId": api, "domainName": host, "domainPrefix": api, "extendedRequestId": "ID",
            "httpMethod": "GET",
            "identity": {"accessKey": null, "accountId": null, "caller": null, "cognitoAmr": null,
                "cognitoAuthenticationProvider": null, "cognitoAuthenticationType": null, "cognitoIdentityId": null,
                "cognitoIdentityPoolId": null, "principalOrgId": null, "sourceIp": "192.0.2.7", "user": null,
                "userAgent": "", "userArn": null},
            "path": "/handler/", "protocol": "HTTP/1.1", "requestId": "ID",
            "requestTime": "21/Nov/2026:09:30:00 +0000", "requestTimeEpoch": 1_795_253_400_000_u64,
            "resourceId": "ANY /handler/{proxy+}", "resourcePath": "/handler/{proxy+}", "stage": "$default",
        },
        "pathParameters": {"proxy": ""}, "stageVariables": null, "body": null, "isBase64Encoded": false,
    });
    let mut event = without_ids(event, "X-Amzn-Trace-Id");
    event["requestContext"]["extendedRequestId"] = json!("ID");
    let trace = event["multiValueHeaders"]["X-Amzn-Trace-Id"].take();
    assert!(trace[0].as_str().is_some_and(|t| t.starts_with("Root=1-")));
    expected["multiValueHeaders"] = json!({"Content-Length": ["0"], "Host": [host], "X-Amzn-Trace-Id": null,
        "X-Forwarded-For": ["192.0.2.7"], "X-Forwarded-Port": ["443"], "X-Forwarded-Proto": ["https"]});
    assert_eq!(event, expected);
}

#[tokio::test]
async fn format_1_keeps_repeated_values_apart() {
    let world = World::new();
    let api = world.api_with(json!({}), v1(), &["$default"]).await;
    let sent = [("X-A", "1"), ("X-A", "2"), ("Cookie", "a=1; b=2")]
        .into_iter()
        .fold(request(&api, "GET", "/q?p=1&p=2&o=3"), |r, (n, v)| with(r, n, v));
    let event = event(&world, sent).await;
    assert_eq!((&event["headers"]["x-a"], &event["multiValueHeaders"]["x-a"]), (&json!("2"), &json!(["1", "2"])));
    assert_eq!(event["headers"]["cookie"], json!("a=1; b=2"));
    assert_eq!(event["queryStringParameters"], json!({"p": "2", "o": "3"}));
    assert_eq!(event["multiValueQueryStringParameters"], json!({"p": ["1", "2"], "o": ["3"]}));
    assert_eq!((&event["resource"], &event["requestContext"]["resourceId"]), (&json!("$default"), &json!("$default")));
}

/// HTTP APIs hand over a few media types as text, all else in base64.
#[tokio::test]
async fn bodies_are_text_or_base64_by_media_type() {
    let world = World::new();
    let api = world.api(&["$default"]).await;
    for (media, bytes, expected, base64) in [
        (Some("application/json"), &b"{}"[..], "{}", false),
        (Some("Application/JSON;charset=utf-8"), b"{}", "{}", false),
        (Some("text/plain"), b"hi", "hi", false),
        (Some("text/html"), b"<p>", "<p>", false),
        (Some("application/xml"), b"<a/>", "<a/>", false),
        (Some("application/javascript"), b"1", "1", false),
        (Some("application/x-www-form-urlencoded"), b"a=1", "YT0x", true),
        (Some("multipart/form-data; boundary=x"), b"--x", "LS14", true),
        (Some("application/octet-stream"), b"\x00\xff", "AP8=", true),
        (Some("text/plain"), b"\xff", "/w==", true),
        (None, b"{\"name\":1}", "eyJuYW1lIjoxfQ==", true),
    ] {
        let event = event(&world, body(request(&api, "POST", "/"), media, bytes)).await;
        assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!(expected), &json!(base64)), "{media:?}");
    }
}

#[tokio::test]
async fn named_stages_stand_in_the_path() {
    let world = World::new();
    let api = world.api(&["GET /items", "GET /", "$default"]).await;
    world.ok("CreateStage", json!({"ApiId": api, "StageName": "dev", "AutoDeploy": true})).await;
    for (path, stage, route, raw) in [
        ("/dev/items", "dev", "GET /items", "/dev/items"),
        ("/dev", "dev", "GET /", "/dev"),
        ("/dev/", "dev", "GET /", "/dev/"),
        ("/devs/items", "$default", "$default", "/devs/items"),
        ("/items", "$default", "GET /items", "/items"),
        ("/items/dev", "$default", "$default", "/items/dev"),
        ("/$default/items", "$default", "$default", "/$default/items"),
        ("", "$default", "GET /", "/"),
    ] {
        let event = event(&world, request(&api, "GET", path)).await;
        let context = &event["requestContext"];
        assert_eq!(
            (&context["stage"], &event["routeKey"], &event["rawPath"], &context["http"]["path"]),
            (&json!(stage), &json!(route), &json!(raw), &json!(raw)),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_the_client_forwards_is_kept() {
    let world = World::new();
    let api = world.api(&["$default"]).await;
    let sent = [
        ("X-Forwarded-For", "203.0.113.9"),
        ("X-Amzn-Trace-Id", "Root=1-5e-9;Sampled=1"),
        ("X-Forwarded-Proto", "http"),
        ("X-Name", "caf\u{e9}"),
    ]
    .into_iter()
    .fold(request(&api, "GET", "/"), |r, (n, v)| with(r, n, v));
    world.send(GatewayRequest { protocol: "HTTP/2.0", ..sent }).await;
    let called = world.calls().pop().expect("a call");
    assert_eq!(called.event["requestContext"]["http"]["protocol"], json!("HTTP/1.1"));
    let headers = &called.event["headers"];
    assert_eq!(headers["x-forwarded-for"], json!("203.0.113.9, 192.0.2.7"));
    assert_eq!(headers["x-forwarded-proto"], json!("https"));
    let trace = headers["x-amzn-trace-id"].as_str().expect("a trace");
    assert!(trace.starts_with("Self=1-") && trace.ends_with(";Root=1-5e-9;Sampled=1"), "{trace}");
    assert_eq!(called.request.trace_header.as_deref(), Some(trace));
}

/// What API Gateway presents to the function's policy: the route's template with the method, or `$default`.
#[tokio::test]
async fn the_source_arn_names_the_route() {
    let world = World::new();
    let api = world.api(&["GET /items/{id}", "ANY /{proxy+}", "GET /", "$default"]).await;
    world.ok("CreateStage", json!({"ApiId": api, "StageName": "dev", "AutoDeploy": true})).await;
    for (method, path, source) in [
        ("GET", "/items/7", "$default/GET/items/{id}"),
        ("POST", "/a/b", "$default/POST/{proxy+}"),
        ("GET", "/dev/items/7", "dev/GET/items/{id}"),
        ("GET", "/", "$default/GET/"),
    ] {
        world.send(request(&api, method, path)).await;
        let called = world.calls().pop().expect("a call");
        assert_eq!(
            called.request.source_arn,
            Some(format!("arn:aws:execute-api:us-east-1:000000000000:{api}/{source}"))
        );
        assert_eq!((called.by.as_str(), called.request.function_arn.as_str()), ("apigateway.amazonaws.com", FUNCTION));
    }
    let only = world.api(&["$default"]).await;
    world.send(request(&only, "GET", "/x")).await;
    let source = world.calls().pop().expect("a call").request.source_arn;
    assert_eq!(source, Some(format!("arn:aws:execute-api:us-east-1:000000000000:{only}/$default/$default")));
}

#[tokio::test]
async fn stage_variables_choose_the_function() {
    let world = World::new();
    let integration = json!({"IntegrationType": "AWS_PROXY", "IntegrationUri": "arn:aws:lambda:us-east-1:000000000000:function:${stageVariables.fn}", "PayloadFormatVersion": "2.0"});
    let api = world.api_with(json!({}), integration, &["$default"]).await;
    assert_eq!(world.send(request(&api, "GET", "/")).await.status, 500, "without the variable there is no function");
    world.ok("UpdateStage", json!({"ApiId": api, "StageName": "$default", "StageVariables": {"fn": "blue"}})).await;
    world.send(request(&api, "GET", "/")).await;
    assert_eq!(
        world.calls().pop().expect("a call").request.function_arn,
        "arn:aws:lambda:us-east-1:000000000000:function:blue"
    );
}
