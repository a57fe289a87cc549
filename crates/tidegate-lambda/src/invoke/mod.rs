//! The data plane: who may invoke, which version runs, how many at a time, and what the caller is told.
//! <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>

mod compiled;
mod concurrency;
mod execute;
mod logs;
mod operation;
mod payload;
mod sessions;

pub use execute::Execute;
pub use logs::FunctionLogs;

pub(crate) use compiled::{Compiled, Kept};
pub(crate) use concurrency::Gauges;
pub(crate) use operation::Invoke;
pub(crate) use sessions::LAMBDA;

use crate::limits::{EVENT_BYTES_MAX, PAYLOAD_BYTES_MAX};
use crate::names::{FunctionRef, LATEST};
use crate::{Error, Lambda};
use bytes::Bytes;
use tidegate_core::ports::{InvocationType, InvokeError, InvokeFunction, InvokeRequest, InvokeResponse};
use tidegate_core::{AwsError, BoxFuture, Check, Context, PrincipalKind};
use tidegate_runtime::{self as runtime, Invocation};

impl InvokeFunction for Lambda {
    fn invoke<'a>(
        &'a self,
        cx: &'a Context,
        request: InvokeRequest,
    ) -> BoxFuture<'a, Result<InvokeResponse, InvokeError>> {
        Box::pin(async move {
            let request_id = cx.ids().uuid();
            self.answer(cx, request, request_id).await
        })
    }
}

/// One invocation on its way to the runtime.
pub(crate) struct Call<'a> {
    pub function: &'a FunctionRef,
    pub compiled: &'a Compiled,
    pub payload: Bytes,
    pub request_id: String,
    pub trace_header: Option<String>,
    pub client_context: Option<String>,
    pub log_tail: bool,
}

impl Lambda {
    /// Checks and does what the request says.
    pub(crate) async fn answer(
        &self,
        cx: &Context,
        request: InvokeRequest,
        request_id: String,
    ) -> Result<InvokeResponse, InvokeError> {
        let function = FunctionRef::parse(cx, &request.function_arn, None).map_err(refused)?;
        let compiled = self.compiled(&function.key).map_err(failed)?;
        self.authorize(cx, &function, compiled.as_deref(), &request)?;
        check_size(&request).map_err(refused)?;
        if !matches!(cx.principal.kind, PrincipalKind::Service { .. }) {
            payload::check_json(&request.payload).map_err(refused)?;
        }
        let compiled = compiled.ok_or_else(|| refused(missing(&function)))?;
        match request.invocation_type {
            InvocationType::DryRun => {
                let version = compiled.version(&function, cx.ids()).map_err(refused)?;
                Ok(InvokeResponse {
                    status: 204,
                    executed_version: version.name.clone(),
                    request_id,
                    ..Default::default()
                })
            }
            InvocationType::Event => self.enqueue(cx, &function, &compiled, request, request_id).await,
            InvocationType::RequestResponse => {
                let (payload, log_tail) = (request.payload, request.log_tail);
                let (trace_header, client_context) = (request.trace_header, request.client_context);
                let (function, compiled) = (&function, &*compiled);
                self.execute(
                    cx,
                    Call { function, compiled, payload, request_id, trace_header, client_context, log_tail },
                )
                .await
            }
        }
    }

    /// A service is checked against the function's policy, with what it calls for; others against their own, too.
    fn authorize(
        &self,
        cx: &Context,
        function: &FunctionRef,
        compiled: Option<&Compiled>,
        request: &InvokeRequest,
    ) -> Result<(), InvokeError> {
        let policy = compiled.and_then(|compiled| compiled.policy(function));
        let mut check = Check::new("lambda:InvokeFunction", function.resource()).resource_policy(policy);
        if let Some(source) = &request.source_arn {
            check = check.with("aws:SourceArn", source);
        }
        if let PrincipalKind::Service { .. } = cx.principal.kind {
            check = check.with("aws:SourceAccount", cx.principal.account.as_str());
        }
        cx.authorize(&check).map_err(InvokeError::Refused)
    }

    /// Runs the function in an environment of the version that is meant, if there is room.
    pub(crate) async fn execute(&self, cx: &Context, call: Call<'_>) -> Result<InvokeResponse, InvokeError> {
        let version = call.compiled.version(call.function, cx.ids()).map_err(refused)?;
        let permit = call.compiled.share.enter().map_err(|e| InvokeError::Throttled(e.into()))?;
        let spec = self.spec(call.compiled, &version).await.map_err(failed)?;
        let invocation = Invocation {
            request_id: call.request_id.clone(),
            payload: call.payload,
            invoked_function_arn: call.function.arn(),
            client_context: call.client_context,
            cognito_identity: None,
            trace_id: call.trace_header.or_else(|| Some(trace_header(cx))),
            tail: call.log_tail,
        };
        let result = self.executor.invoke(&spec, invocation).await.map_err(not_run)?;
        drop(permit);
        for warning in &result.warnings {
            tracing::warn!(function = %spec.arn, "{warning}");
        }
        Ok(InvokeResponse {
            status: 200,
            payload: result.payload,
            function_error: result.function_error.map(|error| error.as_str().to_owned()),
            executed_version: version.name.clone(),
            log_tail: result.log_tail.map(Bytes::from),
            request_id: call.request_id,
        })
    }
}

/// AWS names `$LATEST` here even if the caller did not.
fn missing(function: &FunctionRef) -> Error {
    let qualifier = function.qualifier.clone().or_else(|| Some(LATEST.to_owned()));
    FunctionRef { qualifier, ..function.clone() }.not_found()
}

/// An X-Ray header for an invocation that came without one: not sampled, for nobody asked for it.
/// <https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader>
fn trace_header(cx: &Context) -> String {
    let (seconds, root, parent) = (cx.clock().now_ms() / 1000, cx.ids().hex(12), cx.ids().hex(8));
    format!("Root=1-{seconds:08x}-{root};Parent={parent};Sampled=0")
}

fn check_size(request: &InvokeRequest) -> Result<(), Error> {
    let size = request.payload.len();
    match request.invocation_type {
        _ if size > PAYLOAD_BYTES_MAX => Err(Error::PayloadTooLarge),
        InvocationType::Event if size > EVENT_BYTES_MAX => Err(Error::EventTooLarge(size)),
        _ => Ok(()),
    }
}

fn refused(error: Error) -> InvokeError {
    InvokeError::Refused(error.into())
}

pub(crate) fn failed(error: Error) -> InvokeError {
    InvokeError::Failed(error.into())
}

/// Why the runtime did not run the function, as Lambda's API says it.
fn not_run(error: runtime::Error) -> InvokeError {
    let aws = |error: Error| -> AwsError { error.into() };
    match error {
        runtime::Error::Throttled => InvokeError::Throttled(aws(Error::ReservedConcurrency)),
        runtime::Error::TooManyEnvironments => InvokeError::Throttled(aws(Error::AccountConcurrency)),
        runtime::Error::PayloadTooLarge => InvokeError::Refused(aws(Error::PayloadTooLarge)),
        runtime::Error::Credentials(_) => InvokeError::Failed(aws(Error::RoleLost)),
        runtime::Error::InterpreterMissing(_) | runtime::Error::Sdk(_) => {
            InvokeError::Failed(aws(Error::RuntimeUnavailable(error.to_string())))
        }
        other => InvokeError::Failed(aws(Error::Execution(other.to_string()))),
    }
}
