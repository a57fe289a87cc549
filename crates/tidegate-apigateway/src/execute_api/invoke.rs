//! Calling functions for routes and authorizers, each within its time.

use super::caller::Caller;
use super::compiled::CompiledApi;
use crate::ports::Ports;
use bytes::Bytes;
use std::pin::Pin;
use std::task::{self, Poll};
use std::time::Duration;
use tidegate_core::ports::{AssumeRoleError, InvocationType, InvokeError, InvokeRequest, InvokeResponse, RoleSession};
use tidegate_core::{BoxFuture, Context};

/// A call of a function.
pub struct Call<'a> {
    /// The function's ARN.
    pub function_arn: &'a str,
    /// The role that calls, instead of API Gateway itself.
    pub credentials_arn: Option<&'a str>,
    /// What calls: a route or an authorizer.
    pub source_arn: String,
    /// How long it may take.
    pub timeout: Duration,
    /// The X-Ray header to pass on.
    pub trace: &'a str,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum CallError {
    /// The role cannot be assumed.
    Role,
    /// Lambda gave an error instead of an answer.
    Lambda(InvokeError),
    /// It took too long. The function goes on all the same.
    TimedOut,
}

/// With this as `credentialsArn`, whoever signed the request calls the function.
const CALLER_CREDENTIALS: &str = "arn:aws:iam::*:user/*";

impl Call<'_> {
    /// Calls the function and waits for its answer.
    pub async fn run(
        self,
        ports: &Ports,
        api: &CompiledApi,
        caller: &Caller,
        event: Vec<u8>,
    ) -> Result<InvokeResponse, CallError> {
        let cx = self.context(ports, api, caller)?;
        let request = InvokeRequest {
            function_arn: self.function_arn.to_owned(),
            payload: Bytes::from(event),
            invocation_type: InvocationType::RequestResponse,
            source_arn: Some(self.source_arn),
            trace_header: Some(self.trace.to_owned()),
            log_tail: false,
            client_context: None,
        };
        let functions = ports.functions.clone();
        let running = Detached::new(async move { functions.invoke(&cx, request).await });
        match tokio::time::timeout(self.timeout, running).await {
            Ok(answer) => answer.map_err(CallError::Lambda),
            Err(_) => Err(CallError::TimedOut),
        }
    }

    /// Who calls: API Gateway, a role, or the caller itself.
    fn context(&self, ports: &Ports, api: &CompiledApi, caller: &Caller) -> Result<Context, CallError> {
        let principal = match (self.credentials_arn, caller) {
            (None, _) => return Ok(api.service.clone()),
            (Some(CALLER_CREDENTIALS), Caller::Iam(principal)) => principal.clone(),
            (Some(CALLER_CREDENTIALS), _) => return Err(CallError::Role),
            (Some(role), _) => {
                let session = RoleSession {
                    role_arn: role.to_owned(),
                    service: "apigateway.amazonaws.com".to_owned(),
                    session_name: "BackplaneAssumeRoleSession".to_owned(),
                    source_arn: Some(self.source_arn.clone()),
                    source_account: api.account.clone(),
                    region: api.region.clone(),
                    duration_s: 900,
                    tags: Default::default(),
                };
                let refused = |error: AssumeRoleError| {
                    tracing::debug!(role, ?error, "the integration's role could not be assumed");
                    CallError::Role
                };
                ports.roles.assume_role(&session).map_err(refused)?.principal
            }
        };
        Ok(Context { account: principal.account.clone(), principal, ..api.service.clone() })
    }
}

/// A future that is carried on in the background if it is dropped before its end: a function that has been called runs
/// to its end, whether or not anyone still waits for the answer.
struct Detached<T: Send + 'static>(Option<BoxFuture<'static, T>>);

impl<T: Send + 'static> Detached<T> {
    fn new(future: impl Future<Output = T> + Send + 'static) -> Detached<T> {
        Detached(Some(Box::pin(future)))
    }
}

impl<T: Send + 'static> Future for Detached<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<T> {
        let Some(future) = &mut self.0 else { return Poll::Pending };
        let polled = future.as_mut().poll(cx);
        if polled.is_ready() {
            self.0 = None;
        }
        polled
    }
}

impl<T: Send + 'static> Drop for Detached<T> {
    fn drop(&mut self) {
        if let (Some(future), Ok(runtime)) = (self.0.take(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(future);
        }
    }
}

/// The sentence of `$context.integrationErrorMessage` and `$context.authorizer.error` for calls that were refused.
pub fn refusal(what: Refused) -> &'static str {
    match what {
        Refused::Integration => {
            "The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration. Check the permissions and try again."
        }
        Refused::Authorizer => {
            "The IAM role configured on the authorizer or API Gateway doesn't have permissions to call the authorizer. Check the permissions and try again."
        }
    }
}

/// What could not be called.
#[derive(Debug, Clone, Copy)]
pub enum Refused {
    /// An integration.
    Integration,
    /// An authorizer.
    Authorizer,
}
