//! Requests and their answers: errors, CORS, authorization, throttling, access logs.

mod support;

use http::HeaderName;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use support::{FUNCTION, World, body, merged, request, returned, shown, text, with};
use tidegate_apigateway::{Authentication, GatewayRequest};
use tidegate_core::ports::InvokeError;
use tidegate_core::{AwsError, Principal, PrincipalKind};
use tidegate_types::AccountId;

fn function(format: &str) -> Value {
    json!({"IntegrationType": "AWS_PROXY", "IntegrationUri": FUNCTION, "PayloadFormatVersion": format})
}

/// The table "Errors" for HTTP APIs; texts with capitals, unlike REST APIs.
#[tokio::test]
async fn errors_are_the_gateways_own() {
    let world = World::new();
    let api = world.api(&["GET /items", "POST /items", "GET /items/{id}"]).await;
    world.ok("CreateRoute", json!({"ApiId": api, "RouteKey": "GET /empty"})).await;
    let json = "[content-type=application/json]";
    let internal = format!("500 {json} {{\"message\":\"Internal Server Error\"}}");
    let not_found = format!("404 {json} {{\"message\":\"Not Found\"}}");
    let large = vec![b'a'; 10 * 1024 * 1024 + 1];
    for (sent, expected) in [
        (request(&api, "GET", "/none"), not_found.clone()),
        (request(&api, "DELETE", "/items"), not_found.clone()),
        (request(&api, "HEAD", "/items"), "404 [content-type=application/json content-length=23] ".to_owned()),
        (request("none000000", "GET", "/items"), not_found.clone()),
        (request(&api, "GET", "/items/%zz"), format!("400 {json} {{\"message\":\"Bad Request\"}}")),
        (request(&api, "GET", "/items/%c0%af"), format!("400 {json} {{\"message\":\"Bad Request\"}}")),
        (request(&api, "GET", "/empty"), internal.clone()),
        (
            body(request(&api, "POST", "/items"), None, &large),
            format!("413 {json} {{\"message\":\"Request Entity Too Large\"}}"),
        ),
        (
            body(request(&api, "POST", "/items"), None, &large[1..]),
            "200 [content-type=text/plain;charset=UTF-8] hi".to_owned(),
        ),
        (request(&api, "GET", "/items"), "200 [content-type=text/plain;charset=UTF-8] hi".to_owned()),
    ] {
        let named = format!("{} {}", sent.method, sent.path);
        let response = world.send(sent).await;
        assert_eq!(shown(&response), expected, "{named}");
        let id = response.headers.iter().find(|(name, _)| name == "apigw-requestid").expect("on every answer");
        assert_eq!(id.1.len(), 16);
    }
}

#[tokio::test]
async fn an_api_has_no_address_in_another_region() {
    let world = World::new();
    let api = world.api(&["$default"]).await;
    for (host, status) in [
        ("execute-api.us-east-1.amazonaws.com", 200),
        ("execute-api.eu-west-1.amazonaws.com", 404),
        ("execute-api.eu-west-1.localhost", 404),
        ("execute-api.localhost", 200),
        ("execute-api.localhost.localstack.cloud", 200),
    ] {
        let sent = GatewayRequest { domain_name: format!("{api}.{host}"), ..request(&api, "GET", "/") };
        assert_eq!(world.send(sent).await.status, status, "{host}");
    }
}

#[tokio::test]
async fn failures_of_the_function_are_told_apart() {
    let world = World::new();
    let api = world.api(&["$default"]).await;
    let aws = |status| AwsError::new("X", status, "x");
    let failed = returned(r#"{"errorMessage":"x","errorType":"Error"}"#).map(|mut response| {
        response.function_error = Some("Unhandled".to_owned());
        response
    });
    for (answer, status, message) in [
        (failed, 500, "Internal Server Error"),
        (returned("nonsense"), 500, "Internal Server Error"),
        (returned(r#"{"statusCode":"x"}"#), 500, "Internal Server Error"),
        (Err(InvokeError::Refused(aws(403))), 500, "Internal Server Error"),
        (Err(InvokeError::Failed(aws(502))), 500, "Internal Server Error"),
        (Err(InvokeError::Throttled(aws(429))), 503, "Service Unavailable"),
        (Err(InvokeError::Refused(aws(413))), 413, "Request Entity Too Large"),
    ] {
        world.answer(answer);
        let response = world.send(request(&api, "GET", "/")).await;
        let expected = format!("{status} [content-type=application/json] {{\"message\":\"{message}\"}}");
        assert_eq!(shown(&response), expected);
    }
}

#[tokio::test]
async fn format_1_does_not_infer() {
    let world = World::new();
    let api = world.api_with(json!({}), function("1.0"), &["$default"]).await;
    world.answer(returned("\"hello\""));
    assert_eq!(world.send(request(&api, "GET", "/")).await.status, 500);
    let api = world.api(&["$default"]).await;
    assert_eq!(shown(&world.send(request(&api, "GET", "/")).await), "200 [content-type=application/json] hello");
}

#[tokio::test(start_paused = true)]
async fn a_slow_function_goes_on_without_its_client() {
    let world = World::new();
    let api = world.api_with(json!({}), merged(function("2.0"), json!({"TimeoutInMillis": 50})), &["$default"]).await;
    *world.functions.delay.lock().expect("lock") = Duration::from_millis(60);
    let response = world.send(request(&api, "GET", "/")).await;
    assert_eq!(shown(&response), "503 [content-type=application/json] {\"message\":\"Service Unavailable\"}");
    assert_eq!(*world.functions.finished.lock().expect("lock"), 0);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(*world.functions.finished.lock().expect("lock"), 1);
}

#[tokio::test]
async fn head_has_no_body() {
    let world = World::new();
    let api = world.api(&["ANY /items"]).await;
    let response = world.send(request(&api, "HEAD", "/items")).await;
    assert_eq!(shown(&response), "200 [content-type=text/plain;charset=UTF-8 content-length=2] ");
}

#[tokio::test]
async fn a_disabled_endpoint_is_not_found() {
    let world = World::new();
    let api = world.api(&["$default"]).await;
    world.ok("UpdateApi", json!({"ApiId": api, "DisableExecuteApiEndpoint": true})).await;
    assert_eq!(world.send(request(&api, "GET", "/")).await.status, 404);
    world.ok("UpdateApi", json!({"ApiId": api, "DisableExecuteApiEndpoint": false})).await;
    assert_eq!(world.send(request(&api, "GET", "/")).await.status, 200);
}

fn preflight(sent: GatewayRequest, origin: &str) -> GatewayRequest {
    with(with(sent, "origin", origin), "access-control-request-method", "POST")
}

/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html>
#[tokio::test]
async fn cors_matrix() {
    let world = World::new();
    world.answer(returned(r#"{"statusCode":200,"headers":{"Access-Control-Allow-Origin":"https://forged","Access-Control-Max-Age":"9","x":"y"}}"#));
    let any = json!({"CorsConfiguration": {"AllowOrigins": ["*"], "AllowMethods": ["GET", "POST"], "AllowHeaders": ["Content-Type", "X-A"], "MaxAge": 300}});
    let any = world.api_with(any, function("2.0"), &["$default"]).await;
    let some = json!({"CorsConfiguration": {"AllowOrigins": ["https://a.example", "http://*"], "AllowMethods": ["*"], "AllowCredentials": true, "ExposeHeaders": ["X-B"]}});
    let some = world.api_with(some, function("2.0"), &["GET /items"]).await;
    let none = world.api(&["GET /items"]).await;
    let (a, b) = ("https://a.example", "https://b.example");
    let all = "access-control-allow-methods=GET,POST access-control-allow-headers=content-type,x-a access-control-max-age=300 access-control-allow-origin=*";
    let allowed = |origin: &str| format!("access-control-allow-origin={origin} access-control-allow-credentials=true");
    for (sent, expected, calls) in [
        (preflight(request(&any, "OPTIONS", "/x"), a), format!("204 [{all}] "), 0),
        (with(request(&any, "OPTIONS", "/x"), "origin", a), "200 [x=y access-control-allow-origin=*] ".to_owned(), 1),
        (with(request(&any, "GET", "/x"), "origin", a), "200 [x=y access-control-allow-origin=*] ".to_owned(), 1),
        (request(&any, "GET", "/x"), "200 [x=y] ".to_owned(), 1),
        (
            preflight(request(&some, "OPTIONS", "/anything"), a),
            format!("204 [access-control-allow-methods=* {}] ", allowed(a)),
            0,
        ),
        (preflight(request(&some, "OPTIONS", "/items"), b), "204 [] ".to_owned(), 0),
        (
            preflight(request(&some, "OPTIONS", "/items"), "http://c"),
            format!("204 [access-control-allow-methods=* {}] ", allowed("http://c")),
            0,
        ),
        (
            with(request(&some, "GET", "/items"), "origin", a),
            format!("200 [x=y {} access-control-expose-headers=x-b] ", allowed(a)),
            1,
        ),
        (with(request(&some, "GET", "/items"), "origin", b), "200 [x=y] ".to_owned(), 1),
        (
            with(request(&some, "GET", "/none"), "origin", a),
            format!(
                "404 [content-type=application/json {} access-control-expose-headers=x-b] {{\"message\":\"Not Found\"}}",
                allowed(a)
            ),
            0,
        ),
        (
            with(request(&some, "OPTIONS", "/items"), "origin", b),
            "404 [content-type=application/json] {\"message\":\"Not Found\"}".to_owned(),
            0,
        ),
        (
            preflight(request(&none, "OPTIONS", "/items"), a),
            "404 [content-type=application/json] {\"message\":\"Not Found\"}".to_owned(),
            0,
        ),
        (
            with(request(&none, "GET", "/items"), "origin", a),
            "200 [access-control-allow-origin=https://forged access-control-max-age=9 x=y] ".to_owned(),
            1,
        ),
    ] {
        let named = format!("{} {} {:?}", sent.method, sent.path, sent.headers.get("origin"));
        assert_eq!(shown(&world.send(sent).await), expected, "{named}");
        assert_eq!(world.calls().len(), calls, "{named}");
    }
}

/// An authorizer on the route that takes the preflight makes it fail; an open `OPTIONS` route is the cure.
#[tokio::test]
async fn a_preflight_meets_the_routes_authorizer() {
    let world = World::new();
    let cors = json!({"CorsConfiguration": {"AllowOrigins": ["*"]}});
    let api = world.api_with(cors, function("2.0"), &[]).await;
    world.ok("CreateRoute", json!({"ApiId": api, "RouteKey": "$default", "AuthorizationType": "AWS_IAM"})).await;
    assert_eq!(world.send(preflight(request(&api, "OPTIONS", "/x"), "https://a")).await.status, 403);
    world.ok("CreateRoute", json!({"ApiId": api, "RouteKey": "OPTIONS /{proxy+}"})).await;
    assert_eq!(world.send(preflight(request(&api, "OPTIONS", "/x"), "https://a")).await.status, 204);
}

fn user(account: &AccountId) -> Authentication {
    let kind = PrincipalKind::User { path_and_name: "/alice".to_owned(), id: "AIDAEXAMPLE".to_owned() };
    let principal = Principal { access_key_id: "AKIAEXAMPLE".into(), ..Principal::of(account.clone(), kind) };
    Authentication::Verified(Arc::new(principal))
}

#[tokio::test]
async fn iam_routes_ask_iam() {
    let world = World::new();
    let api = world.api(&[]).await;
    let integration = world.ok("CreateIntegration", merged(json!({"ApiId": api}), function("2.0"))).await;
    let target = format!("integrations/{}", text(&integration, "IntegrationId"));
    world
        .ok(
            "CreateRoute",
            json!({"ApiId": api, "RouteKey": "GET /items/{id}", "AuthorizationType": "AWS_IAM", "Target": target}),
        )
        .await;
    let signed = |who| GatewayRequest { authentication: who, ..request(&api, "GET", "/items/7") };
    let forbidden = "403 [content-type=application/json] {\"message\":\"Forbidden\"}";
    let stranger: AccountId = "111111111111".parse().expect("an account");
    for who in [Authentication::Unsigned, Authentication::Failed, user(&stranger)] {
        assert_eq!(shown(&world.send(signed(who)).await), forbidden);
    }
    assert_eq!(world.send(signed(user(&AccountId::local()))).await.status, 200);
    let event = world.calls().pop().expect("one call").event;
    let expected = json!({"iam": {"accessKey": "AKIAEXAMPLE", "accountId": "000000000000", "callerId": "AIDAEXAMPLE",
        "cognitoIdentity": null, "principalOrgId": null, "userArn": "arn:aws:iam::000000000000:user/alice", "userId": "AIDAEXAMPLE"}});
    assert_eq!(event["requestContext"]["authorizer"], expected);
    world.bench.denied.deny("execute-api:Invoke");
    assert_eq!(shown(&world.send(signed(user(&AccountId::local()))).await), forbidden);
    assert!(world.calls().is_empty());
}

#[tokio::test]
async fn a_role_calls_the_function_where_one_is_given() {
    let world = World::new();
    for (role, status, by) in [
        (
            "arn:aws:iam::000000000000:role/caller",
            200,
            Some("arn:aws:sts::000000000000:assumed-role/caller/BackplaneAssumeRoleSession"),
        ),
        ("arn:aws:iam::000000000000:role/closed", 500, None),
        ("arn:aws:iam::*:user/*", 500, None),
    ] {
        let api =
            world.api_with(json!({}), merged(function("2.0"), json!({"CredentialsArn": role})), &["$default"]).await;
        assert_eq!(world.send(request(&api, "GET", "/")).await.status, status, "{role}");
        assert_eq!(world.calls().pop().map(|called| called.by).as_deref(), by, "{role}");
    }
}

async fn guarded(world: &World, more: Value, stages: &[&str]) -> String {
    let api = world.api(&[]).await;
    let uri = format!("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}-auth/invocations");
    let authorizer = json!({"ApiId": api, "Name": "auth", "AuthorizerType": "REQUEST", "AuthorizerUri": uri,
        "AuthorizerPayloadFormatVersion": "2.0", "EnableSimpleResponses": true, "IdentitySource": ["$request.header.Authorization"]});
    let id = text(&world.ok("CreateAuthorizer", merged(authorizer, more)).await, "AuthorizerId");
    let integration = world.ok("CreateIntegration", merged(json!({"ApiId": api}), function("2.0"))).await;
    let target = format!("integrations/{}", text(&integration, "IntegrationId"));
    for key in ["GET /a", "GET /b/{id}"] {
        let route =
            json!({"ApiId": api, "RouteKey": key, "AuthorizationType": "CUSTOM", "AuthorizerId": id, "Target": target});
        world.ok("CreateRoute", route).await;
    }
    for stage in stages {
        world.ok("CreateStage", json!({"ApiId": api, "StageName": stage, "AutoDeploy": true})).await;
    }
    api
}

/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>
#[tokio::test]
async fn a_function_decides_who_comes_in() {
    let world = World::new();
    let api = guarded(&world, json!({}), &[]).await;
    let sent = |token: &str| with(request(&api, "GET", "/b/7?x=1"), "authorization", token);
    for (answer, status) in [
        (returned(r#"{"isAuthorized":false}"#), 403),
        (returned(r#"{"isAuthorized":"true"}"#), 500),
        (returned(r#"{}"#), 500),
        (returned(r#"[true]"#), 500),
        (returned("null"), 500),
        (Err(InvokeError::Refused(AwsError::access_denied("no"))), 500),
        (Err(InvokeError::Throttled(AwsError::new("X", 429, "no"))), 500),
    ] {
        world.answer(answer);
        assert_eq!(world.send(sent("t")).await.status, status);
        assert_eq!(world.calls().len(), 1, "the function behind the route is not called");
    }
    assert_eq!(
        shown(&world.send(request(&api, "GET", "/a")).await),
        "401 [content-type=application/json] {\"message\":\"Unauthorized\"}"
    );
    assert!(world.calls().is_empty(), "without an identity the authorizer is not asked");
    world.answer(returned(r#"{"isAuthorized":true,"context":{"n":1,"s":"x","b":true}}"#));
    assert_eq!(world.send(sent("t")).await.status, 200);
    let calls = world.calls();
    let (asked, called) = (&calls[0], &calls[1]);
    let arn = format!("arn:aws:execute-api:us-east-1:000000000000:{api}");
    assert!(
        asked.request.source_arn.as_deref().is_some_and(|source| source.starts_with(&format!("{arn}/authorizers/")))
    );
    assert_eq!(asked.request.function_arn, format!("{FUNCTION}-auth"));
    assert_eq!(
        (&asked.event["version"], &asked.event["type"], &asked.event["routeArn"], &asked.event["identitySource"]),
        (&json!("2.0"), &json!("REQUEST"), &json!(format!("{arn}/$default/GET/b/7")), &json!(["t"]))
    );
    assert_eq!(
        (&asked.event["routeKey"], &asked.event["pathParameters"]),
        (&json!("GET /b/{id}"), &json!({"id": "7"}))
    );
    assert!(asked.event.get("body").is_none() && asked.event.get("isBase64Encoded").is_none());
    assert_eq!(called.event["requestContext"]["authorizer"], json!({"lambda": {"n": 1, "s": "x", "b": true}}));
}

#[tokio::test]
async fn a_policy_is_held_against_each_route() {
    let world = World::new();
    let cached = json!({"EnableSimpleResponses": false, "AuthorizerPayloadFormatVersion": "1.0", "AuthorizerResultTtlInSeconds": 60});
    let api = guarded(&world, cached, &[]).await;
    let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke",
        "Resource": format!("arn:aws:execute-api:us-east-1:000000000000:{api}/*/GET/a")}]});
    world.answer(returned(&json!({"principalId": "p", "policyDocument": policy, "context": {"k": "v"}}).to_string()));
    let sent = |path: &str, token: &str| with(request(&api, "GET", path), "authorization", token);
    // The same answer stands in for the function behind the route, which makes it JSON.
    assert_eq!(world.send(sent("/a", "t")).await.status, 200);
    let event = world.calls().remove(0).event;
    assert_eq!(
        (&event["methodArn"], &event["identitySource"], &event["authorizationToken"]),
        (&json!(format!("arn:aws:execute-api:us-east-1:000000000000:{api}/$default/GET/a")), &json!("t"), &json!("t"))
    );
    assert_eq!(world.send(sent("/b/7", "t")).await.status, 403, "the cached policy does not allow the other route");
    assert!(world.calls().is_empty(), "and nobody was asked again");
    world.send(sent("/a", "u")).await;
    assert_eq!(world.calls().len(), 2, "another token is asked about");
    world.bench.clock.advance_ms(60_001);
    world.send(sent("/a", "t")).await;
    assert_eq!(world.calls().len(), 2, "answers expire");
    world.ok("ResetAuthorizersCache", json!({"ApiId": api, "StageName": "$default"})).await;
    world.send(sent("/a", "t")).await;
    assert_eq!(world.calls().len(), 2, "and can be forgotten");
}

#[tokio::test]
async fn throttled_routes_say_so() {
    let world = World::new();
    let api = world.api(&["GET /a", "GET /b"]).await;
    let input = json!({"ApiId": api, "StageName": "$default", "DefaultRouteSettings": {"ThrottlingRateLimit": 100.0, "ThrottlingBurstLimit": 5},
        "RouteSettings": {"GET /b": {"ThrottlingRateLimit": 1.0, "ThrottlingBurstLimit": 1}}});
    world.ok("UpdateStage", input).await;
    assert_eq!(world.send(request(&api, "GET", "/b")).await.status, 200);
    let refused = world.send(request(&api, "GET", "/b")).await;
    assert_eq!(shown(&refused), "429 [content-type=application/json] {\"message\":\"Too Many Requests\"}");
    assert_eq!(world.send(request(&api, "GET", "/a")).await.status, 200);
    world.bench.clock.advance_ms(1000);
    assert_eq!(world.send(request(&api, "GET", "/b")).await.status, 200);
}

async fn logged(world: &World, api: &str, format: &str, sent: GatewayRequest) -> String {
    let log = json!({"DestinationArn": "arn:aws:logs:us-east-1:000000000000:log-group:/aws/apigateway/a", "Format": format!("{format} $context.requestId")});
    world.ok("UpdateStage", json!({"ApiId": api, "StageName": "$default", "AccessLogSettings": log})).await;
    world.logs.0.lock().expect("lock").clear();
    world.send(sent).await;
    let batch = world.logs.0.lock().expect("lock").pop().expect("a line");
    assert_eq!((batch.destination.group.as_str(), batch.destination.create_group), ("/aws/apigateway/a", false));
    assert_eq!(batch.destination.stream.len(), 32);
    let line = &batch.events[0].message;
    line[..line.rfind(' ').expect("the id's space")].to_owned()
}

/// Every variable of <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html>.
#[tokio::test]
async fn access_log_variables() {
    let world = World::new();
    let api = world.api(&["GET /items/{id}"]).await;
    world.answer(returned(r#"{"statusCode":201,"body":"hello"}"#));
    let host = format!("{api}.execute-api.us-east-1.amazonaws.com");
    for (variable, expected) in [
        ("accountId", "000000000000"),
        ("apiId", api.as_str()),
        ("authorizer.claims.sub", "-"),
        ("authorizer.error", "-"),
        ("authorizer.principalId", "-"),
        ("authorizer.key", "-"),
        ("awsEndpointRequestId", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"),
        ("awsEndpointRequestId2", "-"),
        ("customDomain.basePathMatched", "-"),
        ("dataProcessed", "5"),
        ("domainName", &host),
        ("domainPrefix", &api),
        ("error.message", "-"),
        ("error.messageString", "-"),
        ("error.responseType", "-"),
        ("httpMethod", "GET"),
        ("identity.accountId", "-"),
        ("identity.caller", "-"),
        ("identity.cognitoIdentityId", "-"),
        ("identity.clientCert.subjectDN", "-"),
        ("identity.principalOrgId", "-"),
        ("identity.sourceIp", "192.0.2.7"),
        ("identity.user", "-"),
        ("identity.userAgent", "curl/8"),
        ("identity.userArn", "-"),
        ("integration.error", "-"),
        ("integration.integrationStatus", "200"),
        ("integration.latency", "0"),
        ("integration.requestId", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"),
        ("integration.status", "201"),
        ("integrationErrorMessage", "-"),
        ("integrationLatency", "0"),
        ("integrationStatus", "200"),
        ("path", "/items/7"),
        ("protocol", "HTTP/1.1"),
        ("requestTime", "21/Nov/2026:09:30:00 +0000"),
        ("requestTimeEpoch", "1795253400000"),
        ("responseLatency", "0"),
        ("responseLength", "5"),
        ("routeKey", "GET /items/{id}"),
        ("stage", "$default"),
        ("status", "201"),
        ("nonsense", "-"),
        ("nonsense.deep.er", "-"),
    ] {
        let sent = with(request(&api, "GET", "/items/7"), "user-agent", "curl/8");
        assert_eq!(logged(&world, &api, &format!("$context.{variable}"), sent).await, expected, "{variable}");
    }
}

/// The format of a common Terraform configuration, and what CLF looks like.
#[tokio::test]
async fn access_log_formats() {
    let world = World::new();
    let api = world.api(&["$default"]).await;
    let format = r#"{"httpMethod":"$context.httpMethod","status":"$context.status","n":$context.responseLength,"x":"a$context.stage.","$":"$contextual"}"#;
    let line = logged(&world, &api, format, request(&api, "GET", "/")).await;
    assert_eq!(line, r#"{"httpMethod":"GET","status":"200","n":2,"x":"a$default.","$":"$contextual"}"#);
    let clf = r#"$context.identity.sourceIp - - [$context.requestTime] "$context.httpMethod $context.routeKey $context.protocol" $context.status $context.responseLength"#;
    let line = logged(&world, &api, clf, request(&api, "GET", "/")).await;
    assert_eq!(line, "192.0.2.7 - - [21/Nov/2026:09:30:00 +0000] \"GET $default HTTP/1.1\" 200 2");
}

#[tokio::test]
async fn failures_are_logged_with_their_reason() {
    let world = World::new();
    let api = world.api(&["GET /items"]).await;
    let format = "$context.status $context.error.message $context.error.messageString $context.error.responseType|$context.routeKey|$context.integrationErrorMessage|$context.integrationStatus";
    let line = logged(&world, &api, format, request(&api, "GET", "/none")).await;
    assert_eq!(line, "404 Not Found \"Not Found\" RESOURCE_NOT_FOUND|-|-|-");
    world.answer(Err(InvokeError::Refused(AwsError::access_denied("no"))));
    let line = logged(&world, &api, format, request(&api, "GET", "/items")).await;
    let refused = "The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration. Check the permissions and try again.";
    assert_eq!(
        line,
        format!("500 Internal Server Error \"Internal Server Error\" INTEGRATION_FAILURE|GET /items|{refused}|403")
    );
    world.answer(returned(r#"{"errorType":"KeyError","errorMessage":"'name'"}"#).map(|mut response| {
        response.function_error = Some("Unhandled".to_owned());
        response
    }));
    let line = logged(&world, &api, "$context.integrationErrorMessage", request(&api, "GET", "/items")).await;
    assert_eq!(
        line,
        "The Lambda function returned the following error: 'name'. Check your Lambda function code and try again."
    );
    world.answer(returned(r#"{"statusCode":200,"body":{}}"#));
    let line = logged(&world, &api, "$context.integration.error", request(&api, "GET", "/items")).await;
    assert!(line.ends_with(r#"expects. Lambda body contains the wrong type for field \"body\""#), "{line}");
}

#[tokio::test]
async fn clients_cannot_forge_log_lines() {
    let world = World::new();
    let api = world.api(&["$default"]).await;
    let line =
        logged(&world, &api, r#"{"path":"$context.path"}"#, request(&api, "GET", "/a%0A%22,%22x%22:%22%0d")).await;
    let read: Value = serde_json::from_str(&line).expect("still one JSON object");
    assert_eq!(read, json!({"path": "/a\n\",\"x\":\"\r"}));
    assert!(!line.contains('\n'));
}

#[tokio::test]
async fn one_stream_serves_a_stage_over_changes() {
    let world = World::new();
    let api = world.api(&["$default"]).await;
    let stream = async |world: &World| {
        logged(world, &api, "x", request(&api, "GET", "/")).await;
        world.send(request(&api, "GET", "/")).await;
        world.logs.0.lock().expect("lock").pop().expect("a line").destination.stream
    };
    let first = stream(&world).await;
    world.ok("CreateRoute", json!({"ApiId": api, "RouteKey": "GET /more"})).await;
    assert_eq!(stream(&world).await, first);
    world.ok("DeleteAccessLogSettings", json!({"ApiId": api, "StageName": "$default"})).await;
    world.logs.0.lock().expect("lock").clear();
    world.send(request(&api, "GET", "/")).await;
    assert!(world.logs.0.lock().expect("lock").is_empty());
}

#[tokio::test]
async fn a_functions_headers_cannot_forge_others() {
    let world = World::new();
    let api = world.api(&["$default"]).await;
    world.answer(returned(r#"{"statusCode":302,"headers":{"Location":"https://x\r\nSet-Cookie: a=1","X-Ok":"1","Content-Length":"99"},"cookies":["b=2","c=3\r\nX: y"]}"#));
    let response = world.send(request(&api, "GET", "/")).await;
    assert_eq!(shown(&response), "302 [x-ok=1 set-cookie=b=2] ");
    let ids = response.headers.iter().filter(|(name, _)| *name == HeaderName::from_static("apigw-requestid"));
    assert_eq!(ids.count(), 1);
}

/// Routes come and go while requests are under way: each request sees the API as it was before or after a change.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_disturb_no_request() {
    let world = World::new();
    let api = world.api(&["GET /items", "GET /items/{id}"]).await;
    let gateway = world.gateway.clone();
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let id = api.clone();
    let clients = tokio::spawn(async move {
        let mut count = 0;
        while stopped.try_recv().is_err() {
            assert_eq!(gateway.execute(request(&id, "GET", "/items/7")).await.status, 200);
            count += 1;
            tokio::task::yield_now().await;
        }
        count
    });
    for n in 0..50 {
        let route = world.ok("CreateRoute", json!({"ApiId": api, "RouteKey": format!("GET /{n}")})).await;
        assert_eq!(world.send(request(&api, "GET", &format!("/{n}"))).await.status, 500, "live when answered");
        world.ok("DeleteRoute", json!({"ApiId": api, "RouteId": route["RouteId"]})).await;
        assert_eq!(world.send(request(&api, "GET", &format!("/{n}"))).await.status, 404, "gone when answered");
    }
    let _ = stop.send(());
    assert!(clients.await.expect("no request failed") > 0);
}
