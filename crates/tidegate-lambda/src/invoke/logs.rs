//! Log lines of functions on their way to CloudWatch Logs. The execution role must allow it; if it does not, the lines
//! are dropped and the function runs on.
//! <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html>

use super::sessions::Sessions;
use crate::limits::{LOG_DECISION_MS, LOG_DECISIONS_MAX};
use crate::names::FunctionKey;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tidegate_core::ports::{AssumeRole, LogBatch, LogDestination, LogEvent, LogSink};
use tidegate_core::{Check, Context, Environment};
use tidegate_runtime::{FunctionSpec, LogOutput};
use tidegate_types::Arn;

/// The runtime's log output. It is made before the runtime, and given to [`crate::Lambda`] afterwards, which tells it
/// the roles of the functions.
pub struct FunctionLogs {
    environment: Arc<Environment>,
    sink: Arc<dyn LogSink>,
    pub(crate) sessions: Arc<Sessions>,
    writers: RwLock<HashMap<(FunctionKey, String), Arc<Writer>>>,
}

/// A function version that writes logs.
struct Writer {
    role_arn: String,
    /// What was decided for each stream, and when.
    decisions: Mutex<HashMap<String, (u64, Decision)>>,
}

/// What the role may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Decision {
    write: bool,
    create_group: bool,
}

const NOTHING: Decision = Decision { write: false, create_group: false };

impl FunctionLogs {
    /// Writes to `sink` what the execution roles, which come from `roles`, allow.
    pub fn new(environment: Arc<Environment>, roles: Arc<dyn AssumeRole>, sink: Arc<dyn LogSink>) -> FunctionLogs {
        let sessions = Arc::new(Sessions::new(roles, environment.clock.clone()));
        FunctionLogs { environment, sink, sessions, writers: RwLock::default() }
    }

    /// Says which role a function version writes with.
    pub(crate) fn register(&self, function: &FunctionKey, version: &str, role_arn: &str) {
        let writer = Writer { role_arn: role_arn.to_owned(), decisions: Mutex::default() };
        let mut writers = self.writers.write().unwrap_or_else(PoisonError::into_inner);
        writers.insert((function.clone(), version.to_owned()), Arc::new(writer));
    }

    /// Forgets all versions of a function.
    pub(crate) fn forget(&self, function: &FunctionKey) {
        self.writers.write().unwrap_or_else(PoisonError::into_inner).retain(|(key, _), _| key != function);
    }

    fn decide(&self, function: &FunctionSpec, key: &FunctionKey, stream: &str) -> Decision {
        let writers = self.writers.read().unwrap_or_else(PoisonError::into_inner);
        let Some(writer) = writers.get(&(key.clone(), function.version.clone())).cloned() else { return NOTHING };
        drop(writers);
        let now_ms = self.environment.clock.now_ms();
        let mut decisions = writer.decisions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at_ms, decision)) = decisions.get(stream)
            && now_ms.saturating_sub(*at_ms) < LOG_DECISION_MS
        {
            return *decision;
        }
        let decision = self.ask(function, key, &writer.role_arn, stream);
        if decisions.len() >= LOG_DECISIONS_MAX {
            decisions.clear();
        }
        decisions.insert(stream.to_owned(), (now_ms, decision));
        decision
    }

    /// Asks IAM what the role may do with a stream, which is new for each environment and so needs both permissions.
    fn ask(&self, function: &FunctionSpec, key: &FunctionKey, role_arn: &str, stream: &str) -> Decision {
        let Ok(session) = self.sessions.get(key, role_arn) else { return NOTHING };
        let principal = (*session.principal).clone();
        let cx = Context::internal(self.environment.clone(), principal, function.region.clone());
        let arn = |stream: &str| {
            let resource = format!("log-group:{}:log-stream:{stream}", function.logging.group);
            Arn::new("logs", &function.region, &function.account, resource).to_string()
        };
        let may = |action: &str, resource: String| cx.authorize(&Check::new(action, resource)).is_ok();
        Decision {
            write: may("logs:PutLogEvents", arn(stream)) && may("logs:CreateLogStream", arn(stream)),
            create_group: may("logs:CreateLogGroup", arn("")),
        }
    }
}

impl LogOutput for FunctionLogs {
    fn lines(&self, function: &FunctionSpec, stream: &str, events: Vec<tidegate_runtime::LogEvent>) {
        let key = (function.account.clone(), function.region.clone(), function.name.clone());
        let decision = self.decide(function, &key, stream);
        if !decision.write {
            return;
        }
        let destination = LogDestination {
            account: key.0,
            region: key.1,
            group: function.logging.group.clone(),
            stream: stream.to_owned(),
            create_group: decision.create_group,
        };
        let event =
            |event: tidegate_runtime::LogEvent| LogEvent { timestamp_ms: event.timestamp_ms, message: event.message };
        self.sink.append(LogBatch { destination, events: events.into_iter().map(event).collect() });
    }
}
