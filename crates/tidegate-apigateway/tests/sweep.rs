//! Every operation: it works, it can be denied, it refuses bad input, and what it did outlives a restart.

mod support;

use serde_json::{Value, json};
use support::{FUNCTION, World, merged, text};
use tidegate_core::Service;
use tidegate_model::{Kind, Service as Model, ShapeId};

/// Ids of one API with one of everything.
struct Ids {
    api: String,
    integration: String,
    spare_integration: String,
    route: String,
    authorizer: String,
    deployment: String,
}

const LOG_FORMAT: &str = "$context.requestId";

async fn world() -> (World, Ids) {
    let world = World::new();
    let api = text(
        &world.ok("CreateApi", json!({"Name": "a", "ProtocolType": "HTTP", "Tags": {"team": "x"}})).await,
        "ApiId",
    );
    let of = |more: Value| merged(json!({"ApiId": api}), more);
    let function = json!({"IntegrationType": "AWS_PROXY", "IntegrationUri": FUNCTION, "PayloadFormatVersion": "2.0"});
    let integration = text(&world.ok("CreateIntegration", of(function.clone())).await, "IntegrationId");
    let spare_integration = text(&world.ok("CreateIntegration", of(function)).await, "IntegrationId");
    let route = of(json!({"RouteKey": "GET /items", "Target": format!("integrations/{integration}")}));
    let route = text(&world.ok("CreateRoute", route).await, "RouteId");
    let authorizer = text(&world.ok("CreateAuthorizer", of(authorizer("auth"))).await, "AuthorizerId");
    let log = json!({"DestinationArn": "arn:aws:logs:us-east-1:000000000000:log-group:/aws/apigateway/a:*", "Format": LOG_FORMAT});
    let stage = json!({"StageName": "dev", "AutoDeploy": true, "AccessLogSettings": log,
        "RouteSettings": {"GET /items": {"ThrottlingRateLimit": 5.5, "ThrottlingBurstLimit": 3}}});
    world.ok("CreateStage", of(stage)).await;
    let deployment = text(&world.ok("CreateDeployment", of(json!({"Description": "d"}))).await, "DeploymentId");
    (world, Ids { api, integration, spare_integration, route, authorizer, deployment })
}

fn authorizer(name: &str) -> Value {
    let uri = format!("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations");
    json!({"Name": name, "AuthorizerType": "REQUEST", "AuthorizerUri": uri, "AuthorizerPayloadFormatVersion": "2.0",
        "IdentitySource": ["$request.header.Authorization"], "EnableSimpleResponses": true})
}

/// Name, good input, bad input, the bad input's error code.
#[expect(clippy::too_many_lines, reason = "a table with one row for each operation")]
fn cases(ids: &Ids) -> Vec<(&'static str, Value, Value, &'static str)> {
    let of = |more: Value| merged(json!({"ApiId": ids.api}), more);
    let stage = |more: Value| merged(of(json!({"StageName": "dev"})), more);
    let none = || json!({"ApiId": "none000000"});
    let (missing, bad, conflict) = ("NotFoundException", "BadRequestException", "ConflictException");
    let tagged = |id: &str| json!({"ResourceArn": format!("arn:aws:apigateway:us-east-1::/apis/{id}")});
    let route = |more: Value| merged(of(json!({"RouteId": ids.route})), more);
    let integration = |more: Value| merged(of(json!({"IntegrationId": ids.integration})), more);
    let authorizer_of = |more: Value| merged(of(json!({"AuthorizerId": ids.authorizer})), more);
    let deployment = |more: Value| merged(of(json!({"DeploymentId": ids.deployment})), more);
    vec![
        (
            "CreateApi",
            json!({"Name": "b", "ProtocolType": "HTTP"}),
            json!({"Name": "b", "ProtocolType": "HTTP", "RouteSelectionExpression": "$request.body.x"}),
            bad,
        ),
        ("GetApi", of(json!({})), none(), missing),
        ("GetApis", json!({"MaxResults": "1"}), json!({"MaxResults": "0"}), bad),
        (
            "UpdateApi",
            of(json!({"Description": "new", "CorsConfiguration": {"AllowOrigins": ["*"]}})),
            of(json!({"CorsConfiguration": {"AllowOrigins": ["x"]}})),
            bad,
        ),
        ("DeleteApi", of(json!({})), none(), missing),
        ("DeleteCorsConfiguration", of(json!({})), none(), missing),
        ("CreateRoute", of(json!({"RouteKey": "POST /items"})), of(json!({"RouteKey": "GET /items"})), conflict),
        ("GetRoute", route(json!({})), route(json!({"RouteId": "none"})), missing),
        ("GetRoutes", of(json!({})), none(), missing),
        ("UpdateRoute", route(json!({"RouteKey": "PUT /items"})), route(json!({"RouteKey": "PUT items"})), bad),
        ("DeleteRoute", route(json!({})), route(json!({"RouteId": "none"})), missing),
        (
            "CreateIntegration",
            of(json!({"IntegrationType": "AWS_PROXY", "IntegrationUri": FUNCTION, "PayloadFormatVersion": "1.0"})),
            of(json!({"IntegrationType": "MOCK"})),
            bad,
        ),
        ("GetIntegration", integration(json!({})), integration(json!({"IntegrationId": "none"})), missing),
        ("GetIntegrations", of(json!({})), none(), missing),
        (
            "UpdateIntegration",
            integration(json!({"TimeoutInMillis": 500})),
            integration(json!({"TimeoutInMillis": 40})),
            bad,
        ),
        (
            "DeleteIntegration",
            integration(json!({"IntegrationId": ids.spare_integration})),
            integration(json!({})),
            conflict,
        ),
        ("CreateAuthorizer", of(authorizer("other")), of(authorizer("auth")), conflict),
        ("GetAuthorizer", authorizer_of(json!({})), authorizer_of(json!({"AuthorizerId": "none"})), missing),
        ("GetAuthorizers", of(json!({})), none(), missing),
        (
            "UpdateAuthorizer",
            authorizer_of(json!({"AuthorizerResultTtlInSeconds": 60})),
            authorizer_of(json!({"AuthorizerUri": "x"})),
            bad,
        ),
        ("DeleteAuthorizer", authorizer_of(json!({})), authorizer_of(json!({"AuthorizerId": "none"})), missing),
        ("ResetAuthorizersCache", stage(json!({})), stage(json!({"StageName": "none"})), missing),
        ("CreateDeployment", of(json!({"StageName": "dev"})), of(json!({"StageName": "none"})), missing),
        ("GetDeployment", deployment(json!({})), deployment(json!({"DeploymentId": "none"})), missing),
        ("GetDeployments", of(json!({})), none(), missing),
        (
            "UpdateDeployment",
            deployment(json!({"Description": "e"})),
            deployment(json!({"DeploymentId": "none"})),
            missing,
        ),
        ("DeleteDeployment", deployment(json!({})), deployment(json!({"DeploymentId": "none"})), missing),
        ("CreateStage", stage(json!({"StageName": "$default"})), stage(json!({})), conflict),
        ("GetStage", stage(json!({})), stage(json!({"StageName": "none"})), missing),
        ("GetStages", of(json!({})), none(), missing),
        (
            "UpdateStage",
            stage(json!({"StageVariables": {"fn": "hello"}})),
            stage(json!({"StageVariables": {"fn": "\u{e9}"}})),
            bad,
        ),
        ("DeleteStage", stage(json!({})), stage(json!({"StageName": "none"})), missing),
        ("DeleteAccessLogSettings", stage(json!({})), stage(json!({"StageName": "none"})), missing),
        (
            "DeleteRouteSettings",
            stage(json!({"RouteKey": "GET /items"})),
            stage(json!({"RouteKey": "GET /none"})),
            missing,
        ),
        ("GetTags", tagged(&ids.api), tagged("none"), missing),
        (
            "TagResource",
            merged(tagged(&ids.api), json!({"Tags": {"a": "b"}})),
            merged(tagged(&ids.api), json!({"Tags": {"aws:a": "b"}})),
            bad,
        ),
        (
            "UntagResource",
            merged(tagged(&ids.api), json!({"TagKeys": ["team"]})),
            json!({"ResourceArn": "nothing", "TagKeys": []}),
            bad,
        ),
    ]
}

/// Operations that have no good input on an HTTP API, with the error that they always give.
const NEVER: [(&str, &str); 1] = [("DeleteRouteRequestParameter", "NotFoundException")];

/// Everything that the read operations show.
async fn everything(world: &World) -> Value {
    let mut all = json!({"apis": world.ok("GetApis", json!({})).await});
    for api in all["apis"]["Items"].as_array().cloned().unwrap_or_default() {
        let id = text(&api, "ApiId");
        for list in ["GetRoutes", "GetIntegrations", "GetAuthorizers", "GetDeployments", "GetStages"] {
            all[format!("{id} {list}")] = world.ok(list, json!({"ApiId": id})).await;
        }
    }
    all
}

#[tokio::test]
async fn every_operation_has_a_case() {
    let (_, ids) = world().await;
    let mut named: Vec<&str> = cases(&ids).iter().map(|case| case.0).chain(NEVER.map(|n| n.0)).collect();
    let mut offered: Vec<&str> = tidegate_apigateway::ApiGateway::OPERATIONS.iter().map(|row| row.name).collect();
    named.sort_unstable();
    offered.sort_unstable();
    assert_eq!(named, offered);
}

#[tokio::test]
async fn every_operation_works_and_outlives_a_restart() {
    let count = cases(&world().await.1).len();
    for n in 0..count {
        let (world, ids) = world().await;
        let (name, input, ..) = cases(&ids).swap_remove(n);
        world.ok(name, input).await;
        let (before, summary) = (everything(&world).await, world.gateway.list());
        let world = world.restarted();
        assert_eq!(everything(&world).await, before, "{name}");
        assert_eq!(world.gateway.list(), summary, "{name}");
    }
}

#[tokio::test]
async fn every_operation_can_be_denied() {
    let (world, ids) = world().await;
    for action in ["GET", "POST", "PATCH", "PUT", "DELETE"] {
        world.bench.denied.deny(&format!("apigateway:{action}"));
    }
    for (name, input, ..) in cases(&ids) {
        let error = world.call(name, input).await.expect_err(name);
        assert_eq!((&*error.code, error.status), ("AccessDeniedException", 403), "{name}");
        assert!(error.message.contains("arn:aws:apigateway:us-east-1::/"), "{name}: {}", error.message);
    }
}

#[tokio::test]
async fn every_operation_refuses_bad_input_and_changes_nothing() {
    let (world, ids) = world().await;
    let before = everything(&world).await;
    for (name, _, input, code) in cases(&ids) {
        let error = world.call(name, input).await.expect_err(name);
        assert_eq!(error.code, code, "{name}: {error}");
    }
    for (name, code) in NEVER {
        let input = json!({"ApiId": ids.api, "RouteId": ids.route, "RequestParameterKey": "x"});
        assert_eq!(world.call(name, input).await.expect_err(name).code, code);
    }
    assert_eq!(everything(&world).await, before);
}

#[tokio::test]
async fn resources_are_named_as_aws_names_them() {
    let (world, ids) = world().await;
    world.bench.denied.deny("apigateway:GET");
    world.bench.denied.deny("apigateway:DELETE");
    let api = format!("/apis/{}", ids.api);
    for (name, more, resource) in [
        ("GetApis", json!({}), "/apis".to_owned()),
        ("GetApi", json!({}), api.clone()),
        ("GetRoutes", json!({}), format!("{api}/routes")),
        ("GetRoute", json!({"RouteId": "r"}), format!("{api}/routes/r")),
        ("GetStage", json!({"StageName": "$default"}), format!("{api}/stages/$default")),
        ("DeleteCorsConfiguration", json!({}), format!("{api}/cors")),
        ("DeleteAccessLogSettings", json!({"StageName": "dev"}), format!("{api}/stages/dev/accesslogsettings")),
        ("GetTags", json!({"ResourceArn": "arn:x"}), "/tags/arn:x".to_owned()),
    ] {
        let error = world.call(name, merged(json!({"ApiId": ids.api}), more)).await.expect_err(name);
        let expected = format!("on resource: arn:aws:apigateway:us-east-1::{resource} because");
        assert!(error.message.contains(&expected), "{name}: {}", error.message);
    }
}

#[tokio::test]
async fn a_role_must_be_passed() {
    let (world, ids) = world().await;
    world.bench.denied.deny("iam:PassRole");
    let input = json!({"ApiId": ids.api, "IntegrationType": "AWS_PROXY", "IntegrationUri": FUNCTION,
        "PayloadFormatVersion": "2.0", "CredentialsArn": "arn:aws:iam::000000000000:role/r"});
    let error = world.call("CreateIntegration", input).await.expect_err("no PassRole");
    assert!(error.message.contains("iam:PassRole on resource: arn:aws:iam::000000000000:role/r"), "{}", error.message);
}

#[tokio::test]
async fn what_is_not_there_yet_says_so() {
    let (world, ids) = world().await;
    let of = |more: Value| merged(json!({"ApiId": ids.api}), more);
    let function = |more: Value| {
        merged(
            of(json!({"IntegrationType": "AWS_PROXY", "IntegrationUri": FUNCTION, "PayloadFormatVersion": "2.0"})),
            more,
        )
    };
    for (name, input, named) in [
        ("CreateApi", json!({"Name": "w", "ProtocolType": "WEBSOCKET"}), "WEBSOCKET"),
        (
            "CreateAuthorizer",
            of(
                json!({"Name": "j", "AuthorizerType": "JWT", "IdentitySource": ["$request.header.Authorization"], "JwtConfiguration": {}}),
            ),
            "JWT",
        ),
        ("CreateRoute", of(json!({"RouteKey": "GET /j", "AuthorizationType": "JWT", "AuthorizerId": "x"})), "JWT"),
        (
            "CreateIntegration",
            of(
                json!({"IntegrationType": "HTTP_PROXY", "IntegrationUri": "https://example.com", "IntegrationMethod": "GET", "PayloadFormatVersion": "1.0"}),
            ),
            "HTTP_PROXY",
        ),
        ("CreateIntegration", function(json!({"ConnectionType": "VPC_LINK"})), "VPC_LINK"),
        ("CreateIntegration", function(json!({"IntegrationSubtype": "SQS-SendMessage"})), "integrationSubtype"),
    ] {
        let error = world.call(name, input).await.expect_err(named);
        assert_eq!((&*error.code, error.status), ("NotImplemented", 501), "{named}");
        assert!(error.message.contains(named), "{}", error.message);
    }
}

/// Whether a value has the shape that the model gives it; says where it has not.
fn misfit(model: &Model, shape: ShapeId, value: &Value, at: &str) -> Option<String> {
    let wrong = || Some(format!("{at}: {value}"));
    match (&model.shape(shape).kind, value) {
        (_, Value::Null) => None,
        (Kind::Structure(structure), Value::Object(members)) => members.iter().find_map(|(name, value)| {
            let Some(member) = structure.member(name) else { return Some(format!("{at}: no member {name}")) };
            misfit(model, member.shape, value, &format!("{at}.{name}"))
        }),
        (Kind::List(item), Value::Array(items)) => items.iter().find_map(|v| misfit(model, item.shape, v, at)),
        (Kind::Map { value: of, .. }, Value::Object(entries)) => {
            entries.values().find_map(|v| misfit(model, of.shape, v, at))
        }
        (Kind::String, Value::String(_)) | (Kind::Boolean, Value::Bool(_)) => None,
        (Kind::Integer | Kind::Long, number) if number.is_i64() => None,
        (Kind::Double | Kind::Float | Kind::Timestamp(_), Value::Number(_)) => None,
        _ => wrong(),
    }
}

#[tokio::test]
async fn inputs_and_outputs_fit_the_model() {
    let model = tidegate_model::service("apigatewayv2").expect("the model knows the service");
    let count = cases(&world().await.1).len();
    for n in 0..count {
        let (world, ids) = world().await;
        let (name, input, ..) = cases(&ids).swap_remove(n);
        let operation = model.operation(name).expect(name);
        let shape = operation.input.expect("every operation takes something");
        assert_eq!(misfit(model, shape, &input, name), None);
        let output = world.ok(name, input).await;
        match operation.output {
            Some(shape) => assert_eq!(misfit(model, shape, &output, name), None),
            None => assert_eq!(output, Value::Null, "{name}"),
        }
    }
}

#[tokio::test]
async fn members_that_are_not_honored_are_in_the_model() {
    let model = tidegate_model::service("apigatewayv2").expect("the model knows the service");
    for row in tidegate_apigateway::ApiGateway::OPERATIONS {
        let input = model.operation(row.name).and_then(|o| o.input).and_then(|shape| model.structure(shape));
        for (member, _) in row.not_honored {
            let first = member.split('.').next().unwrap_or_default();
            assert!(input.is_some_and(|i| i.member(first).is_some()), "{} {member}", row.name);
        }
    }
}
