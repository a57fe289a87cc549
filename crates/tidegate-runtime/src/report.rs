//! The platform's own log lines, as text and as JSON.
//! <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html>

use crate::{FunctionSpec, LogFormat, LogLevel, Metrics, Status};
use serde_json::{Value, json};
use tidegate_types::Timestamp;

/// An init phase that went wrong, or any in JSON.
pub(crate) struct InitReport<'a> {
    /// Milliseconds that it took.
    pub init_ms: f64,
    /// `init`, or `invoke` when it was done again within an invocation.
    pub phase: &'a str,
    /// How it ended.
    pub status: Status,
    /// AWS' name of the error.
    pub error_type: Option<&'a str>,
}

/// What the platform has to say.
pub(crate) enum Line<'a> {
    /// A process starts.
    InitStart { version: &'a str, version_arn: &'a str },
    /// Init ended.
    InitReport(InitReport<'a>),
    /// An invocation starts.
    Start { request_id: &'a str, trace_id: Option<&'a str> },
    /// Its time was up.
    TimedOut { request_id: &'a str, timeout_ms: u32 },
    /// An invocation ended. In JSON this is `platform.runtimeDone`.
    End { request_id: &'a str, metrics: &'a Metrics, error_type: Option<&'a str> },
    /// What it used.
    Report { request_id: &'a str, metrics: &'a Metrics, error_type: Option<&'a str> },
    /// Something that AWS never has to say.
    Notice(&'a str),
}

impl Line<'_> {
    /// The event's text, or `None` where AWS writes none in this format and level.
    pub fn render(&self, function: &FunctionSpec, now: Timestamp) -> Option<String> {
        let message = match function.logging.format {
            LogFormat::Text => self.text(function, now)?,
            LogFormat::Json => self.json(function, now)?,
        };
        Some(message + "\n")
    }

    fn text(&self, function: &FunctionSpec, now: Timestamp) -> Option<String> {
        Some(match self {
            Line::InitStart { version, version_arn } => {
                format!("INIT_START Runtime Version: {version}\tRuntime Version ARN: {version_arn}")
            }
            Line::InitReport(report) if report.status == Status::Success => return None,
            Line::InitReport(report) => {
                let ending = ending(report.status, report.error_type);
                format!("INIT_REPORT Init Duration: {:.2} ms\tPhase: {}{ending}", report.init_ms, report.phase)
            }
            Line::Start { request_id, .. } => format!("START RequestId: {request_id} Version: {}", function.version),
            Line::TimedOut { request_id, timeout_ms } => {
                let seconds = f64::from(*timeout_ms) / 1000.0;
                format!("{} {request_id} Task timed out after {seconds:.2} seconds\n", now.iso8601_ms())
            }
            Line::End { request_id, .. } => format!("END RequestId: {request_id}"),
            Line::Report { request_id, metrics, error_type } => report_text(request_id, metrics, *error_type),
            Line::Notice(text) => format!("[tidegate] {text}"),
        })
    }

    fn json(&self, function: &FunctionSpec, now: Timestamp) -> Option<String> {
        let (kind, level, record) = self.record(function)?;
        let visible = level >= function.logging.system_level;
        visible.then(|| json!({ "time": now.iso8601_ms(), "type": kind, "record": record }).to_string())
    }

    /// The event's type, the level that AWS gives it, and its record.
    fn record(&self, function: &FunctionSpec) -> Option<(&'static str, LogLevel, Value)> {
        let fault = |status: Status, success: LogLevel| match status {
            Status::Success => success,
            Status::Error | Status::Timeout => LogLevel::Warn,
        };
        Some(match self {
            Line::InitStart { version, version_arn } => (
                "platform.initStart",
                LogLevel::Info,
                json!({
                    "initializationType": "on-demand", "phase": "init", "runtimeVersion": version,
                    "runtimeVersionArn": version_arn, "functionName": function.name, "functionVersion": function.version,
                }),
            ),
            Line::InitReport(report) => (
                "platform.initReport",
                fault(report.status, LogLevel::Debug),
                with_ending(
                    json!({
                        "initializationType": "on-demand", "phase": report.phase,
                        "metrics": { "durationMs": round(report.init_ms) },
                    }),
                    report.status,
                    report.error_type,
                ),
            ),
            Line::Start { request_id, trace_id } => (
                "platform.start",
                LogLevel::Info,
                json!({ "requestId": request_id, "functionArn": function.arn, "version": function.version,
                    "tracing": trace_id.map(|id| json!({ "type": "X-Amzn-Trace-Id", "value": id })) }),
            ),
            Line::TimedOut { .. } => return None,
            Line::End { request_id, metrics, error_type } => (
                "platform.runtimeDone",
                fault(metrics.status, LogLevel::Debug),
                with_ending(
                    json!({ "requestId": request_id, "metrics": { "durationMs": round(metrics.duration_ms) } }),
                    metrics.status,
                    *error_type,
                ),
            ),
            Line::Report { request_id, metrics, error_type } => (
                "platform.report",
                fault(metrics.status, LogLevel::Info),
                with_ending(
                    json!({ "requestId": request_id, "metrics": measures(metrics) }),
                    metrics.status,
                    *error_type,
                ),
            ),
            Line::Notice(text) => ("tidegate.notice", LogLevel::Warn, json!({ "message": text })),
        })
    }
}

fn report_text(request_id: &str, metrics: &Metrics, error_type: Option<&str>) -> String {
    let init = metrics.init_ms.map_or(String::new(), |ms| format!("Init Duration: {ms:.2} ms\t"));
    let ending = match metrics.status {
        Status::Success => String::new(),
        // An error of the handler itself is no status of the platform.
        Status::Error if error_type.is_none() => String::new(),
        status => ending(status, error_type).trim_start().to_owned() + "\t",
    };
    format!(
        "REPORT RequestId: {request_id}\tDuration: {:.2} ms\tBilled Duration: {} ms\tMemory Size: {} MB\t\
         Max Memory Used: {} MB\t{init}{ending}",
        metrics.duration_ms, metrics.billed_ms, metrics.memory_mb, metrics.max_memory_mb
    )
}

fn ending(status: Status, error_type: Option<&str>) -> String {
    let kind = error_type.map_or(String::new(), |kind| format!("\tError Type: {kind}"));
    match status {
        Status::Success => "\tStatus: success".into(),
        Status::Timeout => "\tStatus: timeout".into(),
        Status::Error => format!("\tStatus: error{kind}"),
    }
}

fn with_ending(mut record: Value, status: Status, error_type: Option<&str>) -> Value {
    let word = match status {
        Status::Success => "success",
        Status::Error => "error",
        Status::Timeout => "timeout",
    };
    record["status"] = word.into();
    if let Some(kind) = error_type {
        record["errorType"] = kind.into();
    }
    record
}

fn measures(metrics: &Metrics) -> Value {
    let mut measures = json!({
        "durationMs": round(metrics.duration_ms), "billedDurationMs": metrics.billed_ms,
        "memorySizeMB": metrics.memory_mb, "maxMemoryUsedMB": metrics.max_memory_mb,
    });
    if let Some(ms) = metrics.init_ms {
        measures["initDurationMs"] = round(ms).into();
    }
    measures
}

/// Microseconds, as AWS writes milliseconds.
fn round(ms: f64) -> f64 {
    (ms * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::test_spec;

    const METRICS: Metrics = Metrics {
        status: Status::Success,
        duration_ms: 1.234,
        billed_ms: 122,
        init_ms: Some(120.1),
        memory_mb: 128,
        max_memory_mb: 36,
    };

    fn lines<'a>(metrics: &'a Metrics, error_type: Option<&'a str>) -> Vec<Line<'a>> {
        let init = InitReport { init_ms: 1236.04, phase: "init", status: Status::Timeout, error_type: None };
        vec![
            Line::InitStart { version: "python:3.13.v1", version_arn: "arn:x" },
            Line::InitReport(init),
            Line::Start { request_id: "id", trace_id: None },
            Line::TimedOut { request_id: "id", timeout_ms: 3000 },
            Line::End { request_id: "id", metrics, error_type },
            Line::Report { request_id: "id", metrics, error_type },
        ]
    }

    /// Forms of facts that were recorded on AWS: INIT_START, START, END and REPORT with their tabs.
    #[test]
    fn text_lines() {
        let spec = test_spec();
        let rendered: Vec<String> =
            lines(&METRICS, None).iter().filter_map(|line| line.render(&spec, Timestamp::from_ms(0))).collect();
        let expected = [
            "INIT_START Runtime Version: python:3.13.v1\tRuntime Version ARN: arn:x\n",
            "INIT_REPORT Init Duration: 1236.04 ms\tPhase: init\tStatus: timeout\n",
            "START RequestId: id Version: $LATEST\n",
            "1970-01-01T00:00:00.000Z id Task timed out after 3.00 seconds\n\n",
            "END RequestId: id\n",
            "REPORT RequestId: id\tDuration: 1.23 ms\tBilled Duration: 122 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\tInit Duration: 120.10 ms\t\n",
        ];
        assert_eq!(rendered, expected);
    }

    #[test]
    fn report_tells_errors() {
        let metrics = Metrics { status: Status::Error, init_ms: None, ..METRICS };
        let text = report_text("id", &metrics, Some("Runtime.ExitError"));
        assert!(text.ends_with("Max Memory Used: 36 MB\tStatus: error\tError Type: Runtime.ExitError\t"), "{text}");
        let metrics = Metrics { status: Status::Timeout, ..metrics };
        assert!(report_text("id", &metrics, None).ends_with("36 MB\tStatus: timeout\t"));
    }

    #[test]
    fn json_lines_by_level() {
        let table = [(LogLevel::Debug, 5), (LogLevel::Info, 4), (LogLevel::Warn, 1)];
        for (level, count) in table {
            let mut spec = test_spec();
            spec.logging.format = LogFormat::Json;
            spec.logging.system_level = level;
            let rendered =
                lines(&METRICS, None).into_iter().filter_map(|l| l.render(&spec, Timestamp::from_ms(0))).count();
            assert_eq!(rendered, count, "{level:?}");
        }
    }

    #[test]
    fn json_report() {
        let mut spec = test_spec();
        spec.logging.format = LogFormat::Json;
        let line = Line::Report { request_id: "id", metrics: &METRICS, error_type: None };
        let value: Value =
            serde_json::from_str(&line.render(&spec, Timestamp::from_ms(0)).expect("INFO is shown")).expect("JSON");
        let expected = json!({
            "time": "1970-01-01T00:00:00.000Z", "type": "platform.report",
            "record": { "requestId": "id", "status": "success", "metrics": {
                "durationMs": 1.234, "billedDurationMs": 122, "memorySizeMB": 128, "maxMemoryUsedMB": 36, "initDurationMs": 120.1 } }
        });
        assert_eq!(value, expected);
    }
}
