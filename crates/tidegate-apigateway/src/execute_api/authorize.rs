//! Who may call a route: anyone, whom IAM lets in, or whom a Lambda authorizer lets in.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html>

use super::access_log::Trail;
use super::authorizer::{Answer, CompiledAuthorizer, Grant};
use super::caller::Caller;
use super::compiled::Authorization;
use super::exchange::Exchange;
use super::failure::Failure;
use super::invoke::{Call, CallError, Refused, refusal};
use super::request::Authentication;
use super::{event_v1, event_v2};
use crate::ApiGateway;
use crate::apis::IdentitySource;
use crate::limits::AUTHORIZER_TIMEOUT_MS;
use crate::ports::Ports;
use std::sync::Arc;
use std::time::Duration;
use tidegate_core::ports::InvokeError;
use tidegate_core::{Check, Context, Principal};
use tidegate_policy::{self as policy, Keys};

impl ApiGateway {
    /// Who calls, or why the request ends here.
    pub(super) async fn authorize(&self, x: &Exchange<'_>, rest: &str, trail: &mut Trail) -> Result<Caller, Failure> {
        match &x.route.authorization {
            Authorization::None => Ok(Caller::Anyone),
            Authorization::Closed => Err(Failure::Forbidden),
            Authorization::Iam => match &x.request.authentication {
                Authentication::Verified(principal) => self.authorize_principal(x, rest, principal),
                Authentication::Unsigned | Authentication::Failed => {
                    let message =
                        "The request for the IAM Authorizer doesn't match the format that API Gateway expects.";
                    trail.authorizer_error = Some(message.into());
                    Err(Failure::Forbidden)
                }
            },
            Authorization::Function(authorizer) => {
                ask_function(authorizer, &self.0.ports, x, &x.route_arn(rest), trail).await
            }
        }
    }

    /// Asks IAM for `execute-api:Invoke`. HTTP APIs have no resource policy, so callers of other accounts stay out.
    fn authorize_principal(&self, x: &Exchange<'_>, rest: &str, principal: &Arc<Principal>) -> Result<Caller, Failure> {
        let cx = Context {
            principal: principal.clone(),
            request_id: x.arrival.request_id.as_str().into(),
            source_ip: x.request.source_ip,
            user_agent: x.user_agent().into(),
            secure: true,
            ..x.api.service.clone()
        };
        let allowed = principal.account == x.api.account
            && cx.authorize(&Check::new("execute-api:Invoke", x.route_arn(rest))).is_ok();
        if allowed { Ok(Caller::Iam(principal.clone())) } else { Err(Failure::Forbidden) }
    }
}

/// Asks a function whether the request may go on. Anything that goes wrong means no.
async fn ask_function(
    authorizer: &CompiledAuthorizer,
    ports: &Ports,
    x: &Exchange<'_>,
    route_arn: &str,
    trail: &mut Trail,
) -> Result<Caller, Failure> {
    let identity = authorizer.identity.iter().map(|source| value(source, x)).collect::<Option<Vec<_>>>();
    let identity = identity.ok_or(Failure::Unauthorized)?;
    let answer = match authorizer.cached(&identity, x.arrival.time_ms) {
        Some(answer) => answer,
        None => {
            let answer = Arc::new(call(authorizer, ports, x, route_arn, &identity, trail).await?);
            authorizer.keep(identity, &answer, x.arrival.time_ms);
            answer
        }
    };
    match allows(&answer.grant, route_arn, x) {
        true => Ok(Caller::Function(answer.verdict.clone())),
        false => Err(Failure::Forbidden),
    }
}

async fn call(
    authorizer: &CompiledAuthorizer,
    ports: &Ports,
    x: &Exchange<'_>,
    route_arn: &str,
    identity: &[String],
    trail: &mut Trail,
) -> Result<Answer, Failure> {
    let event = match authorizer.format_2 {
        true => event_v2::write_for_authorizer(x, route_arn, identity),
        false => event_v1::write_for_authorizer(x, route_arn, identity),
    };
    let call = Call {
        function_arn: authorizer.function_arn.as_deref().ok_or(Failure::Internal)?,
        credentials_arn: authorizer.credentials_arn.as_deref(),
        source_arn: authorizer.source_arn.clone(),
        timeout: Duration::from_millis(AUTHORIZER_TIMEOUT_MS.into()),
        trace: &x.arrival.trace,
    };
    let done = call.run(ports, x.api, &Caller::Anyone, event).await;
    let done = done.map_err(|error| {
        let message = match error {
            CallError::Role | CallError::Lambda(InvokeError::Refused(_)) => refusal(Refused::Authorizer),
            CallError::TimedOut => "The authorizer's function timed out",
            CallError::Lambda(_) => "The authorizer's function could not be called",
        };
        trail.authorizer_error = Some(message.into());
        Failure::Internal
    })?;
    let answer = if done.function_error.is_none() { authorizer.read(&done.payload) } else { None };
    answer.ok_or_else(|| {
        trail.authorizer_error = Some("The authorizer's function gave an invalid response or failed".into());
        Failure::Internal
    })
}

/// Whether the request may go on. A policy, cached or not, is held against this request's own ARN.
fn allows(grant: &Grant, route_arn: &str, x: &Exchange<'_>) -> bool {
    let document = match grant {
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
