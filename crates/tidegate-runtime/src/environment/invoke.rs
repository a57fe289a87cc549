//! The invoke phase: one event in, one answer out, and its lines in the log.

use super::init::major;
use super::outcome::{Answer, Outcome};
use super::{Environment, Watched, credentials, ms};
use crate::process::Seen;
use crate::protocol::{self, Frame};
use crate::report::Line;
use crate::{Error, Invocation, InvocationResult, Metrics, limits, variables};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

impl Environment {
    /// Runs the handler once.
    pub(super) async fn invoke(&mut self, invocation: &Invocation) -> InvocationResult {
        self.thaw().await;
        self.logs.start_tail(invocation.tail);
        let started = Instant::now();
        let until = started + Duration::from_millis(self.function.timeout_ms.into());
        let outcome = match self.ready(until).await {
            Ok(()) => {
                self.log_start(invocation);
                self.run(invocation, until).await
            }
            Err(outcome) => {
                self.log_start(invocation);
                outcome
            }
        };
        let duration = started.elapsed();
        self.settle(&outcome).await;
        self.report(invocation, outcome, duration)
    }

    fn log_start(&mut self, invocation: &Invocation) {
        let trace_id = invocation.trace_id.as_deref();
        self.log(&Line::Start { request_id: &invocation.request_id, trace_id });
    }

    /// Makes sure of a process with the handler loaded. After a failed init, a timeout or a crash this is done within
    /// the invocation and its time, as AWS' "suppressed init".
    async fn ready(&mut self, until: Instant) -> Result<(), Outcome> {
        if self.process.is_some() {
            return Ok(());
        }
        // What an earlier process left running must not meet its successor.
        self.cell.kill().await;
        if !std::mem::take(&mut self.init_failed) {
            self.log_init_start();
        }
        let started = Instant::now();
        match self.load(until).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(failure)) => {
                self.log_init_failure(&failure, started, "invoke");
                self.kill().await;
                Err(failure.into())
            }
            Err(why) => Err(Outcome::Broken(why.to_string())),
        }
    }

    async fn run(&mut self, invocation: &Invocation, until: Instant) -> Outcome {
        let renewed = self.renew_credentials().await.unwrap_or_default();
        let frame = self.frame(invocation, until, renewed.as_ref());
        let Some(process) = &self.process else { return Outcome::Broken("the process is gone".into()) };
        process.send(&frame, &invocation.payload);
        loop {
            match self.watch(until).await {
                Watched::Process(Seen::Frame(Frame::Response(payload))) => return Outcome::Response(payload),
                Watched::Process(Seen::Frame(Frame::Error(payload))) => return Outcome::Error(payload),
                Watched::Process(Seen::Frame(Frame::TooLarge)) => return Outcome::TooLarge,
                Watched::Process(Seen::Exited(exit)) => return Outcome::Exited(exit),
                // Nothing else is said during an invocation.
                Watched::Process(_) => {}
                Watched::TimeUp => return Outcome::TimedOut,
            }
        }
    }

    fn frame(&self, invocation: &Invocation, until: Instant, renewed: Option<&BTreeMap<String, String>>) -> Vec<u8> {
        let left = until.saturating_duration_since(Instant::now());
        protocol::Invoke {
            request_id: &invocation.request_id,
            deadline_ms: self.now().as_ms() + left.as_millis() as u64,
            function_arn: &invocation.invoked_function_arn,
            major: major(self.function.runtime),
            trace_id: invocation.trace_id.as_deref(),
            client_context: invocation.client_context.as_deref(),
            cognito_identity: invocation.cognito_identity.as_deref(),
            variables: renewed,
        }
        .encode(invocation.payload.len())
    }

    /// New credentials as variables, if the old ones end soon. Where they are refused the old ones go on.
    async fn renew_credentials(&mut self) -> Result<Option<BTreeMap<String, String>>, Error> {
        let left = self.credentials.expiration.as_ms().saturating_sub(self.now().as_ms());
        if left > limits::CREDENTIALS_RENEW_MS {
            return Ok(None);
        }
        self.credentials = credentials(&self.function).await?;
        Ok(Some(variables::of_credentials(&self.credentials)))
    }

    /// Takes what the process still had to say, and ends it if it cannot go on.
    async fn settle(&mut self, outcome: &Outcome) {
        self.broken = outcome.breaks_environment();
        if outcome.leaves_process() {
            self.collect_output();
        } else {
            self.kill().await;
        }
    }

    fn report(&mut self, invocation: &Invocation, outcome: Outcome, duration: Duration) -> InvocationResult {
        let request_id = &invocation.request_id;
        if matches!(outcome, Outcome::TimedOut) {
            self.log(&Line::TimedOut { request_id, timeout_ms: self.function.timeout_ms });
        }
        let Answer { payload, function_error, status, error_type } =
            outcome.answer(request_id, self.function.timeout_ms);
        let (duration_ms, init_ms) = (ms(duration), self.init_ms.take());
        let metrics = Metrics {
            status,
            duration_ms,
            billed_ms: (duration_ms + init_ms.unwrap_or(0.0)).ceil() as u64,
            init_ms,
            memory_mb: self.function.memory_mb,
            max_memory_mb: self.memory_mb(),
        };
        let error_type = error_type.as_deref();
        self.log_dropped();
        self.log(&Line::End { request_id, metrics: &metrics, error_type });
        self.log(&Line::Report { request_id, metrics: &metrics, error_type });
        self.flush();
        let (log_tail, warnings) = (self.logs.take_tail(), std::mem::take(&mut self.warnings));
        InvocationResult { payload, function_error, log_tail, metrics, warnings }
    }
}
