//! What stands behind a route: the function gets the request as an event, and its answer becomes the client's.

use super::access_log::{IntegrationTrail, Trail};
use super::compiled::CompiledIntegration;
use super::exchange::Exchange;
use super::failure::Failure;
use super::invoke::{Call, CallError, Refused, refusal};
use super::request::GatewayResponse;
use super::wrong_field::wrong_field;
use super::{answer, event_v1, event_v2, mapping};
use crate::ApiGateway;
use tidegate_core::ports::{InvokeError, InvokeResponse};

impl ApiGateway {
    /// Calls the function and reads its answer.
    pub(super) async fn integrate(&self, x: &Exchange<'_>, trail: &mut Trail) -> Result<GatewayResponse, Failure> {
        let found = x.route.integration.as_ref().and_then(|i| Some((i, i.function_arn.as_deref()?)));
        let Some((integration, function_arn)) = found else {
            trail.integration_error = Some("The route has no integration that can be called".into());
            return Err(Failure::Internal);
        };
        let event = event(x, integration);
        let call = Call {
            function_arn,
            credentials_arn: integration.credentials_arn.as_deref(),
            source_arn: x.source_arn(),
            timeout: integration.timeout,
            trace: &x.arrival.trace,
        };
        let clock = &self.0.environment.clock;
        let begun_ms = clock.now_ms();
        let done = call.run(&self.0.ports, x.api, &x.caller, event).await;
        let mut facts = IntegrationTrail { latency_ms: clock.now_ms().saturating_sub(begun_ms), ..Default::default() };
        let answer = match &done {
            Ok(done) => read(done, integration.format_2, &mut facts, trail),
            Err(error) => Err(refused(error, &mut facts, trail)),
        };
        trail.integration = Some(facts);
        answer.map(|mut answer| {
            if let Some(rules) = integration.response_rules.get(&answer.status) {
                mapping::response(x, rules, &mut answer);
            }
            answer
        })
    }
}

/// The event for the integration's function, with what its mappings make of the request.
fn event(x: &Exchange<'_>, integration: &CompiledIntegration) -> Vec<u8> {
    let write = if integration.format_2 { event_v2::write } else { event_v1::write };
    if integration.request_rules.is_empty() {
        return write(x);
    }
    let mapped = mapping::request(x, &integration.request_rules);
    write(&x.mapped(&mapped))
}

/// What a function's answer means; a failed function is a 500.
fn read(
    done: &InvokeResponse,
    format_2: bool,
    facts: &mut IntegrationTrail,
    trail: &mut Trail,
) -> Result<GatewayResponse, Failure> {
    facts.service_status = Some(done.status);
    facts.request_id = Some(done.request_id.clone()).filter(|id| !id.is_empty());
    if done.function_error.is_some() {
        trail.integration_error = Some(function_error(&done.payload).into());
        return Err(Failure::Internal);
    }
    let answer = if format_2 { answer::read_v2(&done.payload) } else { answer::read_v1(&done.payload) };
    let answer = answer.map_err(|_| {
        trail.integration_error = Some(format_error(&done.payload).into());
        Failure::Internal
    })?;
    facts.function_status = Some(answer.status);
    Ok(answer)
}

/// What a call without an answer means.
fn refused(error: &CallError, facts: &mut IntegrationTrail, trail: &mut Trail) -> Failure {
    let (status, message, failure) = match error {
        CallError::Role => (None, refusal(Refused::Integration), Failure::Internal),
        CallError::TimedOut => {
            (None, "Network error communicating with endpoint: the integration timed out", Failure::Unavailable)
        }
        CallError::Lambda(InvokeError::Throttled(e)) => {
            (Some(e.status), "Lambda throttled the request", Failure::Unavailable)
        }
        CallError::Lambda(InvokeError::Refused(e)) if e.status == 413 => {
            (Some(413), "The request is larger than Lambda takes", Failure::TooLarge)
        }
        CallError::Lambda(InvokeError::Refused(e)) => {
            (Some(e.status), refusal(Refused::Integration), Failure::Internal)
        }
        CallError::Lambda(InvokeError::Failed(e)) => (Some(e.status), "Lambda failed", Failure::Internal),
    };
    facts.service_status = status;
    trail.integration_error = Some(message.into());
    failure
}

/// The access log's sentence on an answer that nobody can read, with the member that is to blame.
fn format_error(payload: &[u8]) -> String {
    let which = wrong_field(payload)
        .map(|name| format!(" Lambda body contains the wrong type for field \"{name}\""))
        .unwrap_or_default();
    format!("The response from the Lambda function doesn't match the format that API Gateway expects.{which}")
}

/// The access log's sentence on a function that failed, with what it said.
fn function_error(payload: &[u8]) -> String {
    #[derive(Default, serde::Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Told {
        error_message: Option<String>,
    }
    let told: Told = serde_json::from_slice(payload).unwrap_or_default();
    let message = told.error_message.unwrap_or_default();
    format!(
        "The Lambda function returned the following error: {message}. Check your Lambda function code and try again."
    )
}
