//! Lambda authorizers: a function decides who may call a route.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>

use super::answer::object;
use super::exchange::{Caller, Exchange, Verdict};
use super::failure::Failure;
use super::invoke::{Call, CallError, Refused, refusal};
use super::{access_log::Trail, event_v1, event_v2};
use crate::apis::{Authorizer, IdentitySource, function_arn};
use crate::limits::{AUTHORIZER_CACHE_MAX, AUTHORIZER_TIMEOUT_MS};
use crate::ports::Ports;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tidegate_core::ports::InvokeError;
use tidegate_policy::{self as policy, Keys, Kind, Policy};

/// An authorizer made ready, with the answers that it may give again.
pub struct CompiledAuthorizer {
    function_arn: Option<String>,
    credentials_arn: Option<String>,
    source_arn: String,
    format_2: bool,
    simple: bool,
    identity: Vec<IdentitySource>,
    ttl_ms: u64,
    cache: Mutex<HashMap<Vec<String>, Cached>>,
}

struct Cached {
    until_ms: u64,
    answer: Arc<Answer>,
}

/// What the function said, before it is held against a route.
#[derive(Debug)]
struct Answer {
    grant: Grant,
    verdict: Arc<Verdict>,
}

#[derive(Debug)]
enum Grant {
    /// Yes or no.
    Simple(bool),
    /// A policy over routes.
    Policy(Policy),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SimpleShape {
    is_authorized: bool,
    #[serde(default)]
    context: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PolicyShape<'a> {
    principal_id: String,
    #[serde(borrow)]
    policy_document: &'a RawValue,
    #[serde(default)]
    context: Option<Map<String, Value>>,
}

impl CompiledAuthorizer {
    /// Makes an authorizer ready.
    pub fn new(authorizer: &Authorizer, execute_arn: &str) -> CompiledAuthorizer {
        CompiledAuthorizer {
            function_arn: function_arn(&authorizer.authorizer_uri).map(str::to_owned),
            credentials_arn: authorizer.authorizer_credentials_arn.clone(),
            source_arn: format!("{execute_arn}/authorizers/{}", authorizer.authorizer_id),
            format_2: authorizer.authorizer_payload_format_version == "2.0",
            simple: authorizer.enable_simple_responses == Some(true),
            identity: authorizer.identity_source.iter().filter_map(|s| IdentitySource::parse(s)).collect(),
            ttl_ms: u64::from(authorizer.authorizer_result_ttl_in_seconds) * 1000,
            cache: Mutex::default(),
        }
    }

    /// Asks whether the request may go on. Anything that goes wrong means no.
    pub async fn authorize(
        &self,
        ports: &Ports,
        x: &Exchange<'_>,
        route_arn: &str,
        trail: &mut Trail,
    ) -> Result<Caller, Failure> {
        let identity = self.identity.iter().map(|source| value(source, x)).collect::<Option<Vec<_>>>();
        let identity = identity.ok_or(Failure::Unauthorized)?;
        let answer = match self.cached(&identity, x.arrival.time_ms) {
            Some(answer) => answer,
            None => {
                let answer = Arc::new(self.ask(ports, x, route_arn, &identity, trail).await?);
                self.keep(identity, &answer, x.arrival.time_ms);
                answer
            }
        };
        match answer.grant.allows(route_arn, x) {
            true => Ok(Caller::Function(answer.verdict.clone())),
            false => Err(Failure::Forbidden),
        }
    }

    fn cached(&self, identity: &[String], now_ms: u64) -> Option<Arc<Answer>> {
        if self.ttl_ms == 0 {
            return None;
        }
        let cache = self.cache.lock().unwrap_or_else(|e| e.into_inner());
        cache.get(identity).filter(|cached| cached.until_ms > now_ms).map(|cached| cached.answer.clone())
    }

    fn keep(&self, identity: Vec<String>, answer: &Arc<Answer>, now_ms: u64) {
        if self.ttl_ms == 0 {
            return;
        }
        let mut cache = self.cache.lock().unwrap_or_else(|e| e.into_inner());
        if cache.len() >= AUTHORIZER_CACHE_MAX {
            cache.retain(|_, cached| cached.until_ms > now_ms);
        }
        if cache.len() >= AUTHORIZER_CACHE_MAX {
            cache.clear();
        }
        cache.insert(identity, Cached { until_ms: now_ms + self.ttl_ms, answer: answer.clone() });
    }

    /// Forgets all answers.
    pub fn forget(&self) {
        self.cache.lock().unwrap_or_else(|e| e.into_inner()).clear();
    }

    async fn ask(
        &self,
        ports: &Ports,
        x: &Exchange<'_>,
        route_arn: &str,
        identity: &[String],
        trail: &mut Trail,
    ) -> Result<Answer, Failure> {
        let event = match self.format_2 {
            true => event_v2::write_for_authorizer(x, route_arn, identity),
            false => event_v1::write_for_authorizer(x, route_arn, identity),
        };
        let call = Call {
            function_arn: self.function_arn.as_deref().ok_or(Failure::Internal)?,
            credentials_arn: self.credentials_arn.as_deref(),
            source_arn: self.source_arn.clone(),
            timeout: Duration::from_millis(AUTHORIZER_TIMEOUT_MS.into()),
            trace: &x.arrival.trace,
        };
        let done = call.run(ports, x.api, &Caller::Anyone, event).await;
        let done = done.map_err(|error| {
            trail.authorizer_error = Some(match error {
                CallError::Role | CallError::Lambda(InvokeError::Refused(_)) => refusal(Refused::Authorizer),
                CallError::TimedOut => "The authorizer's function timed out",
                CallError::Lambda(_) => "The authorizer's function could not be called",
            });
            Failure::Internal
        })?;
        let answer = if done.function_error.is_none() { self.read(&done.payload) } else { None };
        answer.ok_or_else(|| {
            trail.authorizer_error = Some("The authorizer's function gave an invalid response or failed");
            Failure::Internal
        })
    }

    fn read(&self, payload: &[u8]) -> Option<Answer> {
        if self.simple {
            let shape: SimpleShape = object(payload)?;
            let context = shape.context.unwrap_or_default();
            let verdict = Arc::new(Verdict { principal_id: None, context });
            return Some(Answer { grant: Grant::Simple(shape.is_authorized), verdict });
        }
        let shape: PolicyShape<'_> = object(payload)?;
        let document = Policy::parse(shape.policy_document.get(), Kind::Identity).ok()?;
        let context = shape.context.unwrap_or_default();
        let verdict = Arc::new(Verdict { principal_id: Some(shape.principal_id), context });
        Some(Answer { grant: Grant::Policy(document), verdict })
    }
}

impl Grant {
    /// Whether the request may go on. A policy, cached or not, is held against this request's own ARN.
    fn allows(&self, route_arn: &str, x: &Exchange<'_>) -> bool {
        let document = match self {
            Grant::Simple(allowed) => return *allowed,
            Grant::Policy(document) => document,
        };
        let mut keys = Keys::new();
        keys.set("aws:SourceIp", x.request.source_ip.to_string());
        keys.set("aws:UserAgent", x.user_agent());
        let request = policy::Request {
            action: "execute-api:Invoke",
            resource: route_arn,
            resource_account: None,
            // Any user of the account: the policy stands for its own.
            caller: policy::Caller::User { arn: &x.api.execute_arn, account: x.api.account.as_str() },
            keys: &keys,
        };
        let policies = policy::Policies { identity: vec![document], ..policy::Policies::default() };
        policy::evaluate(&request, &policies).is_allow()
    }
}

/// What the request has of an identity source; `None` if it has nothing.
fn value(source: &IdentitySource, x: &Exchange<'_>) -> Option<String> {
    let found = match source {
        IdentitySource::Header(name) => x.request.header(name).to_owned(),
        IdentitySource::Query(name) => x.query_value(name)?,
        IdentitySource::StageVariable(name) => x.stage.variables.get(name)?.clone(),
        IdentitySource::Context(name) => x.context(name)?,
    };
    Some(found).filter(|text| !text.is_empty())
}
