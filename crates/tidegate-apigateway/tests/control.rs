//! The control plane: what AWS shows, and what it says to what it refuses.

mod support;

use serde_json::{Value, json};
use support::{FUNCTION, World, merged, request, text};

async fn message(world: &World, operation: &str, input: Value) -> String {
    let error = world.call(operation, input).await.expect_err(operation);
    format!("{} {}: {}", error.code, error.status, error.message)
}

/// The value without null members, as it goes over the wire.
fn wire(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            members.into_iter().filter(|(_, v)| !v.is_null()).map(|(name, v)| (name, wire(v))).collect()
        }
        Value::Array(items) => items.into_iter().map(wire).collect(),
        other => other,
    }
}

/// The members and defaults that `aws_apigatewayv2_*` resources read back.
#[tokio::test]
async fn resources_show_aws_defaults() {
    let world = World::new();
    let cors = json!({"AllowOrigins": ["*"], "AllowMethods": ["GET", "POST"], "AllowHeaders": ["Content-Type"]});
    let api =
        wire(world.ok("CreateApi", json!({"Name": "a", "ProtocolType": "HTTP", "CorsConfiguration": cors})).await);
    let id = text(&api, "ApiId");
    assert_eq!(id.len(), 10);
    assert_eq!(
        api,
        json!({
            "ApiEndpoint": format!("https://{id}.execute-api.us-east-1.amazonaws.com"), "ApiId": id,
            "ApiKeySelectionExpression": "$request.header.x-api-key",
            "CorsConfiguration": {"AllowOrigins": ["*"], "AllowMethods": ["GET", "POST"], "AllowHeaders": ["content-type"]},
            "CreatedDate": 1_795_253_400, "DisableExecuteApiEndpoint": false, "IpAddressType": "ipv4", "Name": "a",
            "ProtocolType": "HTTP", "RouteSelectionExpression": "$request.method $request.path", "Tags": {},
        })
    );
    let log = json!({"DestinationArn": "arn:aws:logs:us-east-1:000000000000:log-group:/aws/apigateway/a:*", "Format": "$context.requestId"});
    let stage = json!({"ApiId": id, "StageName": "$default", "AutoDeploy": true, "AccessLogSettings": log});
    let stage = wire(world.ok("CreateStage", stage).await);
    let failed = "Deployment attempt failed: Unable to deploy API because no routes exist in this API";
    assert_eq!(
        stage,
        json!({
            "AccessLogSettings": {"DestinationArn": "arn:aws:logs:us-east-1:000000000000:log-group:/aws/apigateway/a", "Format": "$context.requestId"},
            "AutoDeploy": true, "CreatedDate": 1_795_253_400, "DefaultRouteSettings": {"DetailedMetricsEnabled": false},
            "LastDeploymentStatusMessage": failed, "LastUpdatedDate": 1_795_253_400, "RouteSettings": {},
            "StageName": "$default", "StageVariables": {}, "Tags": {},
        })
    );
    let uri = format!("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations");
    // Terraform sends the pass-through behavior of WebSocket APIs along.
    let input = json!({"ApiId": id, "IntegrationType": "AWS_PROXY", "IntegrationUri": uri, "PayloadFormatVersion": "2.0",
        "ConnectionType": "INTERNET", "PassthroughBehavior": "WHEN_NO_MATCH"});
    let integration = wire(world.ok("CreateIntegration", input).await);
    let integration_id = text(&integration, "IntegrationId");
    assert_eq!(
        integration,
        json!({"ConnectionType": "INTERNET", "IntegrationId": integration_id, "IntegrationMethod": "POST",
            "IntegrationType": "AWS_PROXY", "IntegrationUri": uri, "PayloadFormatVersion": "2.0", "TimeoutInMillis": 30000})
    );
    let target = format!("integrations/{integration_id}");
    let input = json!({"ApiId": id, "RouteKey": "$default", "Target": target, "ApiKeyRequired": false, "AuthorizationType": "NONE"});
    let route = wire(world.ok("CreateRoute", input).await);
    assert_eq!(
        route,
        json!({"ApiKeyRequired": false, "AuthorizationType": "NONE", "RouteId": text(&route, "RouteId"), "RouteKey": "$default", "Target": target})
    );
    let stage = world.ok("GetStage", json!({"ApiId": id, "StageName": "$default"})).await;
    let deployment = text(&stage, "DeploymentId");
    let deployed = format!("Successfully deployed stage with deployment ID '{deployment}'");
    assert_eq!(text(&stage, "LastDeploymentStatusMessage"), deployed);
    let deployment = wire(world.ok("GetDeployment", json!({"ApiId": id, "DeploymentId": deployment})).await);
    assert_eq!((&deployment["AutoDeployed"], &deployment["DeploymentStatus"]), (&json!(true), &json!("DEPLOYED")));
}

#[tokio::test]
async fn refusals_have_aws_texts() {
    let world = World::new();
    let api = world.api(&["GET /items"]).await;
    let of = |more: Value| merged(json!({"ApiId": api}), more);
    let stage = |more: Value| merged(of(json!({"StageName": "dev"})), more);
    let format = "The provided route key is not formatted properly for HTTP protocol. Format should be \"<HTTP METHOD> /<RESOURCE PATH>\" or \"$default\"";
    let group = "arn:aws:logs:us-east-1:000000000000:log-group:/none";
    for (operation, input, expected) in [
        ("GetApi", json!({"ApiId": "x"}), "NotFoundException 404: Invalid API identifier specified 000000000000:x".to_owned()),
        ("GetRoute", json!({"ApiId": "x", "RouteId": "y"}), "NotFoundException 404: Invalid API identifier specified 000000000000:x".to_owned()),
        ("GetRoute", of(json!({"RouteId": "y"})), "NotFoundException 404: Invalid Route identifier specified".to_owned()),
        ("GetStage", of(json!({"StageName": "y"})), "NotFoundException 404: Invalid stage identifier specified".to_owned()),
        ("CreateRoute", of(json!({"RouteKey": "GET /items"})), "ConflictException 409: Route with key GET /items already exists for this API".to_owned()),
        ("CreateRoute", of(json!({"RouteKey": "GET items"})), format!("BadRequestException 400: {format}")),
        ("CreateRoute", of(json!({"RouteKey": "$connect"})), format!("BadRequestException 400: {format}")),
        ("CreateRoute", of(json!({"RouteKey": "GET /a", "Target": "integrations/none"})), "NotFoundException 404: Invalid Integration identifier specified".to_owned()),
        ("CreateRoute", of(json!({"RouteKey": "GET /a", "ApiKeyRequired": true})), "BadRequestException 400: apiKeyRequired is not supported for protocolType HTTP".to_owned()),
        ("CreateIntegration", of(json!({"IntegrationType": "AWS", "IntegrationUri": FUNCTION})), "BadRequestException 400: Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)".to_owned()),
        ("CreateStage", stage(json!({"StageName": "$default"})), "ConflictException 409: Stage already exists".to_owned()),
        ("UpdateApi", of(json!({"Name": ""})), "BadRequestException 400: name must be between 1 and 128 characters long".to_owned()),
        ("UpdateApi", of(json!({"Description": "d".repeat(1025)})), "BadRequestException 400: description must be between 0 and 1024 characters long".to_owned()),
        ("CreateStage", stage(json!({"StageName": "a b"})), "BadRequestException 400: Stage name only allows a-zA-Z0-9_- and $default".to_owned()),
        ("CreateStage", stage(json!({"DefaultRouteSettings": {"LoggingLevel": "INFO"}})), "BadRequestException 400: Execution logs are not supported on protocolType HTTP".to_owned()),
        ("CreateStage", stage(json!({"RouteSettings": {"GET /none": {}}})), "BadRequestException 400: Unable to find Route by key GET /none within the provided RouteSettings".to_owned()),
        ("CreateStage", stage(json!({"AccessLogSettings": {"DestinationArn": group, "Format": "$context.requestId"}})), "BadRequestException 400: The log group does not exist: /none".to_owned()),
    ] {
        assert_eq!(message(&world, operation, input).await, expected);
    }
}

#[tokio::test]
async fn parts_in_use_stay() {
    let world = World::new();
    let api = world.api(&["GET /items"]).await;
    let integrations = world.ok("GetIntegrations", json!({"ApiId": api})).await;
    let used = text(&integrations["Items"][0], "IntegrationId");
    let refused = message(&world, "DeleteIntegration", json!({"ApiId": api, "IntegrationId": used})).await;
    assert!(refused.starts_with("ConflictException 409"), "{refused}");
    let stage = world.ok("GetStage", json!({"ApiId": api, "StageName": "$default"})).await;
    let input = json!({"ApiId": api, "DeploymentId": text(&stage, "DeploymentId")});
    let refused = message(&world, "DeleteDeployment", input).await;
    assert_eq!(refused, "BadRequestException 400: Active stages pointing to this deployment must be moved or deleted");
}

#[tokio::test]
async fn empty_apis_cannot_be_deployed() {
    let world = World::new();
    let api = text(&world.ok("CreateApi", json!({"Name": "a", "ProtocolType": "HTTP"})).await, "ApiId");
    let refused = message(&world, "CreateDeployment", json!({"ApiId": api})).await;
    assert_eq!(refused, "BadRequestException 400: Unable to deploy API because no routes exist in this API");
}

#[tokio::test]
async fn deployments_are_snapshots() {
    let world = World::new();
    let api = world.api(&["GET /one"]).await;
    let first = world.ok("CreateDeployment", json!({"ApiId": api})).await;
    let pinned = json!({"ApiId": api, "StageName": "v1", "DeploymentId": first["DeploymentId"]});
    world.ok("CreateStage", pinned).await;
    world.ok("CreateRoute", json!({"ApiId": api, "RouteKey": "GET /two"})).await;
    assert_eq!(world.send(request(&api, "GET", "/two")).await.status, 500, "the automatic stage has the route");
    assert_eq!(world.send(request(&api, "GET", "/v1/two")).await.status, 404, "the pinned stage does not");
    assert_eq!(world.send(request(&api, "GET", "/v1/one")).await.status, 200);
    let input = json!({"ApiId": api, "StageName": "v1"});
    world.ok("CreateDeployment", input).await;
    assert_eq!(world.send(request(&api, "GET", "/v1/two")).await.status, 500, "now it does");
}

#[tokio::test]
async fn old_automatic_deployments_go() {
    let world = World::new();
    let api = world.api(&["GET /items"]).await;
    for n in 0..30 {
        world.ok("CreateRoute", json!({"ApiId": api, "RouteKey": format!("GET /{n}")})).await;
        world.bench.clock.advance_ms(1000);
    }
    let all = world.ok("GetDeployments", json!({"ApiId": api})).await;
    let count = all["Items"].as_array().map_or(0, Vec::len);
    assert_eq!(count, 1 + tidegate_apigateway::limits::IDLE_AUTO_DEPLOYMENTS_MAX);
}

#[tokio::test]
async fn quick_create_answers_at_once() {
    let world = World::new();
    let api = world.ok("CreateApi", json!({"Name": "q", "ProtocolType": "HTTP", "Target": FUNCTION})).await;
    let id = text(&api, "ApiId");
    assert_eq!(world.send(request(&id, "GET", "/any")).await.status, 200);
    let routes = world.ok("GetRoutes", json!({"ApiId": id})).await;
    assert_eq!(
        (&routes["Items"][0]["RouteKey"], &routes["Items"][0]["ApiGatewayManaged"]),
        (&json!("$default"), &json!(true))
    );
    let other = format!("{FUNCTION}2");
    world.ok("UpdateApi", json!({"ApiId": id, "Target": other})).await;
    world.calls();
    world.send(request(&id, "GET", "/any")).await;
    assert_eq!(world.calls()[0].request.function_arn, other);
    let managed = |operation, more: Value| message(&world, operation, merged(json!({"ApiId": id}), more));
    let integrations = world.ok("GetIntegrations", json!({"ApiId": id})).await;
    for (operation, more) in [
        ("DeleteIntegration", json!({"IntegrationId": integrations["Items"][0]["IntegrationId"]})),
        ("UpdateRoute", json!({"RouteId": routes["Items"][0]["RouteId"], "RouteKey": "GET /other"})),
        ("UpdateStage", json!({"StageName": "$default", "Description": "mine"})),
        ("DeleteStage", json!({"StageName": "$default"})),
    ] {
        let refused = managed(operation, more).await;
        assert!(refused.ends_with("is managed by API Gateway"), "{operation}: {refused}");
    }
    let plain = world.api(&["GET /a"]).await;
    assert!(message(&world, "UpdateApi", json!({"ApiId": plain, "Target": other})).await.starts_with("BadRequest"));
    let refused = message(&world, "CreateApi", json!({"Name": "q", "ProtocolType": "HTTP", "RouteKey": "GET /"})).await;
    assert!(refused.starts_with("BadRequest"), "{refused}");
}

#[tokio::test]
async fn deleting_an_api_takes_everything_along() {
    let world = World::new();
    let api = world.api(&["GET /items"]).await;
    assert!(world.gateway.api_exists(&api));
    world.ok("DeleteApi", json!({"ApiId": api})).await;
    assert!(!world.gateway.api_exists(&api));
    assert_eq!(world.send(request(&api, "GET", "/items")).await.status, 404);
    assert_eq!(world.ok("GetApis", json!({})).await["Items"], json!([]));
    let left = world
        .store
        .snapshot()
        .scan(&tidegate_store::Table::<(String, String, String, String), Value>::new("apigateway.routes"), ())
        .count();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn accounts_do_not_see_each_other() {
    let world = World::new();
    let api = world.api(&["GET /items"]).await;
    let mut other = world.bench.cx.clone();
    other.account = "111111111111".parse().expect("an account");
    let bound = world.registry.find("apigatewayv2", "GetApi").expect("offered");
    let error = bound.call(other, json!({"ApiId": api})).await.expect_err("another account's");
    assert_eq!(error.message, format!("Invalid API identifier specified 111111111111:{api}"));
}

#[tokio::test]
async fn stage_variables_and_route_settings_merge() {
    let world = World::new();
    let api = world.api(&["GET /a", "GET /b"]).await;
    let update = |more: Value| merged(json!({"ApiId": api, "StageName": "$default"}), more);
    world.ok("UpdateStage", update(json!({"StageVariables": {"a": "1", "b": "2"}, "RouteSettings": {"GET /a": {"ThrottlingRateLimit": 1.0}}}))).await;
    let stage = world
        .ok(
            "UpdateStage",
            update(json!({"StageVariables": {"a": ""}, "RouteSettings": {"GET /b": {"ThrottlingBurstLimit": 2}}})),
        )
        .await;
    assert_eq!(stage["StageVariables"], json!({"b": "2"}));
    assert_eq!(stage["RouteSettings"]["GET /a"]["ThrottlingRateLimit"], json!(1.0));
    assert_eq!(stage["RouteSettings"]["GET /b"]["ThrottlingBurstLimit"], json!(2));
}

/// What Terraform sends when a block is taken out of a configuration.
#[tokio::test]
async fn empty_blocks_take_settings_away() {
    let world = World::new();
    let cors = json!({"CorsConfiguration": {"AllowOrigins": ["*"]}});
    let function = json!({"IntegrationType": "AWS_PROXY", "IntegrationUri": FUNCTION, "PayloadFormatVersion": "2.0"});
    let api = world.api_with(cors, function, &["$default"]).await;
    world.ok("DeleteCorsConfiguration", json!({"ApiId": api})).await;
    let updated = world.ok("UpdateApi", json!({"ApiId": api, "CorsConfiguration": {}})).await;
    assert_eq!(updated["CorsConfiguration"], Value::Null);
    let stage = |settings: Value| json!({"ApiId": api, "StageName": "$default", "AccessLogSettings": settings});
    let log = json!({"DestinationArn": "arn:aws:logs:us-east-1:000000000000:log-group:/aws/apigateway/a", "Format": "$context.requestId"});
    assert_eq!(world.ok("UpdateStage", stage(log.clone())).await["AccessLogSettings"], log);
    assert_eq!(world.ok("UpdateStage", stage(json!({}))).await["AccessLogSettings"], Value::Null);
    for half in [json!({"DestinationArn": log["DestinationArn"]}), json!({"Format": log["Format"]})] {
        assert!(message(&world, "UpdateStage", stage(half)).await.starts_with("BadRequestException"));
    }
}
