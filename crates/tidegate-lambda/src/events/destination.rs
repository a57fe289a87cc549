//! Destinations: where the record of an event that is over goes. Functions can be one; other services follow with them.
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>

use super::retry::Outcome;
use crate::names::FunctionRef;
use crate::tables::{Event, EventConfig, NamedKey};
use crate::{Error, Lambda};
use serde_json::{Value, json};
use tidegate_core::Context;
use tidegate_core::ports::InvokeResponse;

impl Lambda {
    /// Sends the record of an event to the destination for its outcome, if there is one.
    pub(super) async fn deliver(
        &self,
        cx: &Context,
        function: &FunctionRef,
        config: &EventConfig,
        key: &NamedKey,
        event: &Event,
        outcome: &Outcome,
    ) -> Result<(), Error> {
        let success = matches!(outcome, Outcome::Success(_));
        let destination = if success { &config.on_success } else { &config.on_failure };
        let Some(arn) = destination else { return Ok(()) };
        let target = FunctionRef::parse(cx, arn, None)?;
        let now_ms = cx.clock().now_ms();
        let record = record(function, key, event, outcome, &cx.clock().now().iso8601_ms());
        let (account, region, name) = target.key;
        let sent = Event {
            qualifier: target.qualifier,
            payload: record.to_string(),
            trace_header: None,
            client_context: None,
            enqueued_ms: now_ms,
            due_ms: now_ms,
            attempts: 0,
            deferrals: 0,
        };
        self.put_event((account, region, name, cx.ids().uuid()), sent).await
    }
}

/// The record, version 1.0.
fn record(function: &FunctionRef, key: &NamedKey, event: &Event, outcome: &Outcome, timestamp: &str) -> Value {
    let (condition, response) = match outcome {
        Outcome::Success(response) => ("Success", Some(response)),
        Outcome::RetriesExhausted(response) => ("RetriesExhausted", Some(response)),
        Outcome::EventAgeExceeded(response) => ("EventAgeExceeded", response.as_ref()),
        Outcome::ZeroReservedConcurrency => ("ZeroReservedConcurrency", None),
    };
    let qualifier = function.qualifier.as_deref().unwrap_or(crate::names::LATEST);
    let mut record = json!({
        "version": "1.0",
        "timestamp": timestamp,
        "requestContext": {
            "requestId": key.3,
            "functionArn": format!("{}:{qualifier}", function.function_arn()),
            "condition": condition,
            "approximateInvokeCount": event.attempts + u32::from(response.is_some()),
        },
        "requestPayload": serde_json::from_str::<Value>(&event.payload).unwrap_or_default(),
    });
    if let Some(response) = response {
        record["responseContext"] = context(response);
        record["responsePayload"] = serde_json::from_slice(&response.payload).unwrap_or_default();
    }
    record
}

fn context(response: &InvokeResponse) -> Value {
    let mut context = json!({ "statusCode": 200, "executedVersion": response.executed_version });
    if let Some(error) = &response.function_error {
        context["functionError"] = json!(error);
    }
    context
}
