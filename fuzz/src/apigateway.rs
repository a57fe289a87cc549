//! Route keys, parameter mappings, and whole requests with the answers of functions.

use crate::lines;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};
use tidegate_apigateway::{ApiGateway, Authentication, GatewayRequest, Ports, fuzz};
use tidegate_core::ports::{
    AssumeRole, AssumeRoleError, InvokeError, InvokeFunction, InvokeRequest, InvokeResponse, LogBatch, LogSink,
    RoleSession, SessionCredentials,
};
use tidegate_core::{AwsError, BoxFuture, Context, Registry, testing::Bench};
use tidegate_store::Store;
use tidegate_types::{AccountId, Region};
use tokio::runtime::{Builder, Runtime};

/// Method and path, one per line, then route keys.
pub fn route(text: &str) {
    let [method, path, keys] = lines(text);
    if let Some(key) = fuzz::route(keys, method, path) {
        assert!(key == "$default" || key.starts_with(method) || key.starts_with("ANY "), "{key}");
    }
}

/// What a function returned.
pub fn answer(payload: &[u8]) {
    let [format_1, format_2] = fuzz::answer(payload);
    if let Some(status) = format_1 {
        assert_eq!(format_2, Some(status), "format 2.0 takes what format 1.0 takes");
    }
}

/// Stands in for Lambda: each function gives back what the input says.
#[derive(Default)]
struct Functions {
    answer: Mutex<Bytes>,
    authorizer: Mutex<Bytes>,
}

impl InvokeFunction for Functions {
    fn invoke<'a>(
        &'a self,
        _cx: &'a Context,
        request: InvokeRequest,
    ) -> BoxFuture<'a, Result<InvokeResponse, InvokeError>> {
        let event: Value = serde_json::from_slice(&request.payload).expect("an event is JSON");
        assert!(event["version"].is_string(), "{event}");
        let asked = if event.get("type").is_some() { &self.authorizer } else { &self.answer };
        let payload = asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Box::pin(async { Ok(InvokeResponse { status: 200, payload, ..InvokeResponse::default() }) })
    }
}

/// Stands in for CloudWatch Logs: a line is one line.
struct Logs;

impl LogSink for Logs {
    fn append(&self, batch: LogBatch) {
        assert!(batch.events.iter().all(|event| !event.message.contains(['\n', '\r'])), "{batch:?}");
    }

    fn group_exists(&self, _account: &AccountId, _region: &Region, _group: &str) -> bool {
        true
    }
}

/// Stands in for STS, which nothing here asks.
struct Roles;

impl AssumeRole for Roles {
    fn assume_role(&self, _session: &RoleSession) -> Result<SessionCredentials, AssumeRoleError> {
        Err(AssumeRoleError::NotTrusted)
    }

    fn can_assume(&self, _session: &RoleSession) -> Result<(), AssumeRoleError> {
        Err(AssumeRoleError::NotTrusted)
    }
}

const LOG_FORMAT: &str = "$context.requestId $context.path $context.identity.userAgent $context.routeKey \
    $context.error.messageString $context.authorizer.a $context.authorizer.principalId $context.domainPrefix";

/// An API with routes of every kind.
struct World {
    bench: Bench,
    runtime: Runtime,
    registry: Registry,
    gateway: ApiGateway,
    functions: Arc<Functions>,
    api: String,
    /// The integration whose mappings inputs may change.
    mapped: String,
}

thread_local! {
    static WORLD: RefCell<(u32, World)> = RefCell::new((1, World::new()));
}

/// A fresh world now and then: each change of an API leaves a deployment behind.
fn with_world(act: impl FnOnce(&World)) {
    WORLD.with_borrow_mut(|(used, world)| {
        if used.is_multiple_of(256) {
            *world = World::new();
        }
        *used += 1;
        act(world);
    });
}

impl World {
    fn new() -> World {
        let (bench, functions) = (Bench::new(), Arc::new(Functions::default()));
        let ports = Ports { functions: functions.clone(), logs: Arc::new(Logs), roles: Arc::new(Roles) };
        let environment = bench.cx.environment.clone();
        let gateway = ApiGateway::new(Store::memory(), environment, ports).expect("an empty store can be read");
        let mut registry = Registry::default();
        registry.add(&Arc::new(gateway.clone()));
        let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime needs no input");
        let mut world =
            World { bench, runtime, registry, gateway, functions, api: String::new(), mapped: String::new() };
        world.make();
        world
    }

    fn call(&self, operation: &str, input: Value) -> Result<Value, AwsError> {
        let bound = self.registry.find("apigatewayv2", operation).expect("the operation is there");
        self.runtime.block_on(bound.call(self.bench.cx.clone(), input))
    }

    fn id(&self, operation: &str, input: Value, member: &str) -> String {
        let made = self.call(operation, input).unwrap_or_else(|error| panic!("{operation}: {error:?}"));
        made[member].as_str().expect("it has an id").to_owned()
    }

    fn make(&mut self) {
        let cors = json!({"AllowOrigins": ["https://*.example"], "AllowHeaders": ["*"], "AllowMethods": ["*"]});
        let create = json!({"Name": "a", "ProtocolType": "HTTP", "CorsConfiguration": cors});
        self.api = self.id("CreateApi", create, "ApiId");
        let plain = self.integration("1.0", json!({}));
        let request = json!({"append:header.a": "$request.path.x-$request.body.a[0].b", "overwrite:path": "$request.querystring.q"});
        let response =
            json!({"200": {"overwrite:statuscode": "$response.header.s", "append:header.b": "$response.body.b"}});
        self.mapped = self.integration("2.0", json!({"RequestParameters": request, "ResponseParameters": response}));
        let simple = self.authorizer(json!({"AuthorizerPayloadFormatVersion": "2.0", "EnableSimpleResponses": true}));
        let policy = self.authorizer(json!({"AuthorizerPayloadFormatVersion": "1.0"}));
        for (key, integration, authorizer) in [
            ("ANY /v1/{x}", &plain, None),
            ("ANY /v2/{x}/{rest+}", &self.mapped, None),
            ("GET /simple/{x+}", &plain, Some(&simple)),
            ("GET /policy", &plain, Some(&policy)),
            ("$default", &self.mapped, None),
        ] {
            let mut route =
                json!({"ApiId": self.api, "RouteKey": key, "Target": format!("integrations/{integration}")});
            if let Some(id) = authorizer {
                route["AuthorizationType"] = json!("CUSTOM");
                route["AuthorizerId"] = json!(id);
            }
            self.id("CreateRoute", route, "RouteId");
        }
        let group = "arn:aws:logs:us-east-1:000000000000:log-group:g";
        let log = json!({"DestinationArn": group, "Format": LOG_FORMAT});
        let stage = json!({"ApiId": self.api, "StageName": "$default", "AutoDeploy": true, "AccessLogSettings": log});
        self.id("CreateStage", stage, "StageName");
    }

    fn integration(&self, format: &str, mut more: Value) -> String {
        more["ApiId"] = json!(self.api);
        more["IntegrationType"] = json!("AWS_PROXY");
        more["IntegrationUri"] = json!("arn:aws:lambda:us-east-1:000000000000:function:f");
        more["PayloadFormatVersion"] = json!(format);
        self.id("CreateIntegration", more, "IntegrationId")
    }

    fn authorizer(&self, mut more: Value) -> String {
        let function = "arn:aws:lambda:us-east-1:000000000000:function:a";
        more["ApiId"] = json!(self.api);
        more["Name"] = json!(format!("for-{}", more["AuthorizerPayloadFormatVersion"]));
        more["AuthorizerType"] = json!("REQUEST");
        more["AuthorizerResultTtlInSeconds"] = json!(0);
        more["AuthorizerUri"] =
            json!(format!("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"));
        self.id("CreateAuthorizer", more, "AuthorizerId")
    }

    /// Sends a request: its method, its target, and its headers in lines.
    fn send(&self, method: &str, target: &str, headers: &str, body: &str) {
        let Ok(method) = method.parse() else { return };
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let request = GatewayRequest {
            api_id: self.api.clone(),
            method,
            path: path.to_owned(),
            query: query.map(str::to_owned),
            headers: header_map(headers),
            body: Bytes::copy_from_slice(body.as_bytes()),
            source_ip: [192, 0, 2, 7].into(),
            protocol: "HTTP/1.1",
            domain_name: format!("{}.execute-api.localhost", self.api),
            authentication: Authentication::Unsigned,
        };
        let response = self.runtime.block_on(self.gateway.execute(request));
        assert!((200..=599).contains(&response.status), "{response:?}");
    }

    fn answers(&self, answer: &str, authorizer: &str) {
        for (place, text) in [(&self.functions.answer, answer), (&self.functions.authorizer, authorizer)] {
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Bytes::copy_from_slice(text.as_bytes());
        }
    }
}

/// Headers that are apart by `|`.
fn header_map(text: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in text.split('|').filter_map(|header| header.split_once(':')) {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_bytes(value.as_bytes())) {
            headers.append(name, value);
        }
    }
    headers
}

/// Method, target, headers and the function's answer, one per line, then the body.
pub fn request(text: &str) {
    let [method, target, headers, answer, body] = lines(text);
    with_world(|world| {
        world.answers(answer, "{}");
        world.send(method, target, headers, body);
    });
}

/// What an authorizer's function returned, and headers in the second line.
pub fn authorizer(text: &str) {
    let [answer, headers] = lines(text);
    with_world(|world| {
        world.answers("{}", answer);
        world.send("GET", "/simple/a", headers, "");
        world.send("GET", "/policy", headers, "");
    });
}

/// A parameter mapping: its key on the first line, its value on the second; a target, headers and a body to apply it to.
pub fn mapping(text: &str) {
    let [key, value, target, headers, body] = lines(text);
    let [to_request, to_response] = fuzz::mapping(key, value);
    if !to_request && !to_response {
        return;
    }
    with_world(|world| {
        let rules = |taken: bool| if taken { json!({key: value}) } else { json!({}) };
        let change = json!({
            "ApiId": world.api,
            "IntegrationId": world.mapped,
            "RequestParameters": rules(to_request),
            "ResponseParameters": {"200": rules(to_response)},
        });
        // One that is well formed may name what mappings must not change.
        let _ = world.call("UpdateIntegration", change);
        world.answers(body, "{}");
        world.send("POST", target, headers, body);
    });
}
