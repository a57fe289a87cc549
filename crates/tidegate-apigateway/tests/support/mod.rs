//! A gateway over a store in memory, with a function, a log and roles that the test holds in its hands.
#![allow(dead_code, reason = "each test file uses its part of this")]

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tidegate_apigateway::{ApiGateway, Authentication, GatewayRequest, GatewayResponse, Ports};
use tidegate_core::ports::{
    AssumeRole, AssumeRoleError, InvokeError, InvokeFunction, InvokeRequest, InvokeResponse, LogBatch, LogSink,
    RoleSession, SessionCredentials,
};
use tidegate_core::testing::{Bench, Client};
use tidegate_core::{BoxFuture, Context, Principal, PrincipalKind};
use tidegate_store::Store;
use tidegate_types::{AccountId, Region, Timestamp};

/// The function of all tests.
pub const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:hello";

/// One call that reached Lambda.
#[derive(Clone)]
pub struct Called {
    /// Who called, as an ARN or a service's name.
    pub by: String,
    pub request: InvokeRequest,
    pub event: Value,
}

/// Stands in for Lambda.
pub struct Functions {
    pub calls: Mutex<Vec<Called>>,
    /// What the next calls answer.
    pub answer: Mutex<Result<InvokeResponse, InvokeError>>,
    pub delay: Mutex<Duration>,
    pub finished: Mutex<usize>,
}

impl InvokeFunction for Functions {
    fn invoke<'a>(
        &'a self,
        cx: &'a Context,
        request: InvokeRequest,
    ) -> BoxFuture<'a, Result<InvokeResponse, InvokeError>> {
        let event = serde_json::from_slice(&request.payload).expect("an event is JSON");
        self.calls.lock().expect("lock").push(Called { by: cx.principal.arn(), request, event });
        Box::pin(async move {
            let delay = *self.delay.lock().expect("lock");
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            *self.finished.lock().expect("lock") += 1;
            self.answer.lock().expect("lock").clone()
        })
    }
}

/// Stands in for CloudWatch Logs; it has one group, `/aws/apigateway/a`.
#[derive(Default)]
pub struct Logs(pub Mutex<Vec<LogBatch>>);

impl LogSink for Logs {
    fn append(&self, batch: LogBatch) {
        self.0.lock().expect("lock").push(batch);
    }

    fn group_exists(&self, _account: &AccountId, _region: &Region, group: &str) -> bool {
        group == "/aws/apigateway/a"
    }
}

/// Stands in for STS; it gives every role but those named `closed`.
pub struct Roles;

impl AssumeRole for Roles {
    fn assume_role(&self, session: &RoleSession) -> Result<SessionCredentials, AssumeRoleError> {
        self.can_assume(session)?;
        let name = session.role_arn.rsplit('/').next().unwrap_or_default();
        let kind = PrincipalKind::AssumedRole {
            role_path_and_name: format!("/{name}"),
            role_id: "AROAEXAMPLE".to_owned(),
            session_name: session.session_name.clone(),
        };
        Ok(SessionCredentials {
            access_key_id: "ASIAEXAMPLE".to_owned(),
            secret_access_key: String::new(),
            session_token: String::new(),
            expiration: Timestamp::from_ms(0),
            principal: Arc::new(Principal::of(AccountId::local(), kind)),
        })
    }

    fn can_assume(&self, session: &RoleSession) -> Result<(), AssumeRoleError> {
        if session.role_arn.ends_with("closed") { Err(AssumeRoleError::NotTrusted) } else { Ok(()) }
    }
}

/// All of it together.
pub struct World {
    pub bench: Bench,
    pub store: Store,
    pub functions: Arc<Functions>,
    pub logs: Arc<Logs>,
    pub gateway: ApiGateway,
    client: Client,
}

/// What Lambda answers when a function returned this.
pub fn returned(payload: &str) -> Result<InvokeResponse, InvokeError> {
    Ok(InvokeResponse {
        status: 200,
        payload: Bytes::copy_from_slice(payload.as_bytes()),
        request_id: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef".to_owned(),
        ..InvokeResponse::default()
    })
}

/// The service's operations are called on the world itself.
impl Deref for World {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl World {
    pub fn new() -> World {
        let functions = Arc::new(Functions {
            calls: Mutex::default(),
            answer: Mutex::new(returned(r#"{"statusCode":200,"body":"hi"}"#)),
            delay: Mutex::default(),
            finished: Mutex::default(),
        });
        World::over(Store::memory(), Bench::new(), functions, Arc::default())
    }

    fn over(store: Store, bench: Bench, functions: Arc<Functions>, logs: Arc<Logs>) -> World {
        let ports = Ports { functions: functions.clone(), logs: logs.clone(), roles: Arc::new(Roles) };
        let gateway = ApiGateway::new(store.clone(), bench.cx.environment.clone(), ports).expect("a readable store");
        let client = Client::new(&Arc::new(gateway.clone()), &bench.cx);
        World { bench, store, functions, logs, gateway, client }
    }

    /// The same store under a new service, as after a restart.
    pub fn restarted(self) -> World {
        World::over(self.store, self.bench, self.functions, self.logs)
    }

    /// An API with these routes, all to [`FUNCTION`] in format 2.0, on an automatic stage `$default`. Its id.
    pub async fn api(&self, routes: &[&str]) -> String {
        let integration =
            json!({"IntegrationType": "AWS_PROXY", "IntegrationUri": FUNCTION, "PayloadFormatVersion": "2.0"});
        self.api_with(json!({}), integration, routes).await
    }

    /// The same with more members of `CreateApi` and another integration.
    pub async fn api_with(&self, more: Value, integration: Value, routes: &[&str]) -> String {
        let input = merged(json!({"Name": "a", "ProtocolType": "HTTP"}), more);
        let api = text(&self.ok("CreateApi", input).await, "ApiId");
        let integration = self.ok("CreateIntegration", merged(json!({"ApiId": api}), integration)).await;
        let target = format!("integrations/{}", text(&integration, "IntegrationId"));
        for key in routes {
            self.ok("CreateRoute", json!({"ApiId": api, "RouteKey": key, "Target": target})).await;
        }
        self.ok("CreateStage", json!({"ApiId": api, "StageName": "$default", "AutoDeploy": true})).await;
        api
    }

    /// Sends a request.
    pub async fn send(&self, request: GatewayRequest) -> GatewayResponse {
        self.gateway.execute(request).await
    }

    /// The calls that reached Lambda so far; forgets them.
    pub fn calls(&self) -> Vec<Called> {
        std::mem::take(&mut *self.functions.calls.lock().expect("lock"))
    }

    pub fn answer(&self, answer: Result<InvokeResponse, InvokeError>) {
        *self.functions.answer.lock().expect("lock") = answer;
    }
}

pub fn merged(mut a: Value, b: Value) -> Value {
    for (name, value) in b.as_object().expect("an object") {
        a[name] = value.clone();
    }
    a
}

pub fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_else(|| panic!("no {member} in {value}")).to_owned()
}

/// A request as a client without a body sends it.
pub fn request(api: &str, method: &str, target: &str) -> GatewayRequest {
    let (path, query) = target.split_once('?').map_or((target, None), |(p, q)| (p, Some(q.to_owned())));
    let domain_name = format!("{api}.execute-api.us-east-1.amazonaws.com");
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::try_from(domain_name.as_str()).expect("a host"));
    GatewayRequest {
        api_id: api.to_owned(),
        method: method.parse().expect("a method"),
        path: path.to_owned(),
        query,
        headers,
        body: Bytes::new(),
        source_ip: [192, 0, 2, 7].into(),
        protocol: "HTTP/1.1",
        domain_name,
        authentication: Authentication::Unsigned,
    }
}

/// The same with one more header.
pub fn with(mut request: GatewayRequest, name: &str, value: &str) -> GatewayRequest {
    let value = HeaderValue::from_bytes(value.as_bytes()).expect("a value");
    request.headers.append(name.parse::<HeaderName>().expect("a name"), value);
    request
}

/// The same with a body.
pub fn body(mut request: GatewayRequest, media: Option<&str>, body: &[u8]) -> GatewayRequest {
    request.body = Bytes::copy_from_slice(body);
    match media {
        Some(media) => with(request, "content-type", media),
        None => request,
    }
}

/// Status, headers but the request id, and body, on one line.
pub fn shown(response: &GatewayResponse) -> String {
    let visible = response.headers.iter().filter(|(name, _)| name != "apigw-requestid");
    let headers: Vec<_> = visible.map(|(n, v)| format!("{n}={}", v.to_str().expect("ascii"))).collect();
    format!("{} [{}] {}", response.status, headers.join(" "), String::from_utf8_lossy(&response.body))
}
