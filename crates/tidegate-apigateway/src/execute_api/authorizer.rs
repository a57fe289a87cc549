//! Lambda authorizers made ready: what they ask for, and the answers that they may give again.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>

use super::answer::object;
use super::caller::Verdict;
use crate::apis::{Authorizer, IdentitySource, function_arn};
use crate::limits::AUTHORIZER_CACHE_MAX;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tidegate_policy::{Kind, Policy};

/// An authorizer made ready, with the answers that it may give again.
pub struct CompiledAuthorizer {
    /// The function's ARN; `None` if its URI has none.
    pub function_arn: Option<String>,
    /// The role that calls it.
    pub credentials_arn: Option<String>,
    /// The authorizer's own ARN.
    pub source_arn: String,
    /// Whether the payload format is 2.0.
    pub format_2: bool,
    /// What a request must have, and answers are remembered by.
    pub identity: Vec<IdentitySource>,
    simple: bool,
    ttl_ms: u64,
    cache: Mutex<HashMap<Vec<String>, Cached>>,
}

struct Cached {
    until_ms: u64,
    answer: Arc<Answer>,
}

/// What the function said, before it is held against a route.
#[derive(Debug)]
pub struct Answer {
    /// Which routes may be called.
    pub grant: Grant,
    /// What the integration is told.
    pub verdict: Arc<Verdict>,
}

/// What the function lets the caller do.
#[derive(Debug)]
pub enum Grant {
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

    /// What the function said of this identity lately.
    pub fn cached(&self, identity: &[String], now_ms: u64) -> Option<Arc<Answer>> {
        if self.ttl_ms == 0 {
            return None;
        }
        let cache = self.cache.lock().unwrap_or_else(|e| e.into_inner());
        cache.get(identity).filter(|cached| cached.until_ms > now_ms).map(|cached| cached.answer.clone())
    }

    /// Remembers an answer for as long as the authorizer may.
    pub fn keep(&self, identity: Vec<String>, answer: &Arc<Answer>, now_ms: u64) {
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

    /// Reads the function's answer, of the kind that the authorizer asks for.
    pub fn read(&self, payload: &[u8]) -> Option<Answer> {
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
