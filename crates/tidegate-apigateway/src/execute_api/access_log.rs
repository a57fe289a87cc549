//! A stage's access log: one event for each request, its format compiled once.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html>

use super::arrival::Arrival;
use super::caller::Caller;
use super::failure::Failure;
use super::json::escape;
use super::request::{GatewayRequest, GatewayResponse};
use crate::apis::AccessLogSettings;
use crate::limits::LOG_LINE_BYTES_MAX;
use http::header;
use std::borrow::Cow;
use tidegate_core::ports::{LogBatch, LogDestination, LogEvent, LogSink};
use tidegate_types::{AccountId, Ids, Region};

/// Where a stage's requests are logged, and how.
pub struct AccessLog {
    destination: LogDestination,
    format: Vec<Piece>,
}

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// The name behind `$context.`.
    Variable(String),
}

/// What happened to a request on its way.
#[derive(Debug, Default)]
pub struct Trail {
    /// The route that took it.
    pub route_key: Option<String>,
    /// Who called.
    pub caller: Caller,
    /// Why the gateway answered itself.
    pub failure: Option<Failure>,
    /// What the gateway says about an integration that it could not call or understand.
    pub integration_error: Option<Cow<'static, str>>,
    /// What the gateway says about an authorizer that it could not call or understand.
    pub authorizer_error: Option<Cow<'static, str>>,
    /// The call of the integration, if it came to that.
    pub integration: Option<IntegrationTrail>,
}

/// What is known of the integration's call.
#[derive(Debug, Default)]
pub struct IntegrationTrail {
    /// How long it took, in milliseconds.
    pub latency_ms: u64,
    /// Lambda's own status: 200 even if the function failed.
    pub service_status: Option<u16>,
    /// The status that the function's answer asks for.
    pub function_status: Option<u16>,
    /// Lambda's request id.
    pub request_id: Option<String>,
}

/// One request as the log sees it.
pub struct Entry<'a> {
    /// What came.
    pub request: &'a GatewayRequest,
    /// Ids and time.
    pub arrival: &'a Arrival,
    /// The owner.
    pub account: &'a AccountId,
    /// The API.
    pub api_id: &'a str,
    /// The stage.
    pub stage: &'a str,
    /// The path, decoded, with the stage if one was named.
    pub path: &'a str,
    /// What happened on the way.
    pub trail: &'a Trail,
    /// What went back.
    pub response: &'a GatewayResponse,
    /// How many bytes of body went back or, to `HEAD`, would have.
    pub response_bytes: usize,
    /// When it was answered, in milliseconds since 1970.
    pub answered_ms: u64,
}

impl AccessLog {
    /// The log that the settings ask for. Its stream has a random name and stays the same over changes of the API.
    pub fn new(
        settings: &AccessLogSettings,
        account: &AccountId,
        region: &Region,
        ids: &dyn Ids,
        before: Option<&AccessLog>,
    ) -> Option<AccessLog> {
        let (group, format) = (settings.group()?.to_owned(), settings.format.as_deref()?);
        let kept = before.filter(|log| log.destination.group == group).map(|log| log.destination.stream.clone());
        let stream = kept.unwrap_or_else(|| ids.hex(16));
        let (account, region) = (account.clone(), region.clone());
        let destination = LogDestination { account, region, group, stream, create_group: false };
        Some(AccessLog { destination, format: compile(format) })
    }

    /// Writes the request's line.
    pub fn write(&self, sink: &dyn LogSink, entry: &Entry<'_>) {
        let event = LogEvent { timestamp_ms: entry.answered_ms, message: self.line(entry) };
        sink.append(LogBatch { destination: self.destination.clone(), events: vec![event] });
    }

    fn line(&self, entry: &Entry<'_>) -> String {
        let mut line = Vec::with_capacity(512);
        for piece in &self.format {
            match piece {
                Piece::Text(text) => line.extend_from_slice(text.as_bytes()),
                // A JSON string as it is, with its quotes: formats put it where JSON expects a value.
                Piece::Variable(name) if name == "error.messageString" => {
                    line.extend_from_slice(entry.variable(name).as_deref().unwrap_or("-").as_bytes());
                }
                Piece::Variable(name) => match entry.variable(name) {
                    // Clients choose some values: escaped, they cannot end the line or a JSON string.
                    Some(value) if !value.is_empty() => escape(&value, &mut line),
                    _ => line.push(b'-'),
                },
            }
        }
        let mut text = String::from_utf8_lossy(&line).into_owned();
        if text.len() > LOG_LINE_BYTES_MAX {
            text.truncate(text.floor_char_boundary(LOG_LINE_BYTES_MAX));
        }
        text
    }
}

fn compile(format: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once("$context.") {
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_').unwrap_or(after.len());
        let name = after[..end].trim_end_matches('.');
        pieces.push(Piece::Text(before.to_owned()));
        pieces.push(Piece::Variable(name.to_owned()));
        rest = &after[name.len()..];
    }
    pieces.push(Piece::Text(rest.to_owned()));
    pieces
}

impl<'a> Entry<'a> {
    /// The value of `$context.NAME`; `None` for what does not exist or does not apply.
    pub fn variable(&self, name: &str) -> Option<Cow<'a, str>> {
        let (group, rest) = name.split_once('.').unwrap_or((name, ""));
        match group {
            "authorizer" => self.authorizer(rest),
            "error" => self.error(rest),
            "identity" => self.identity(rest),
            "integration" => self.integration(rest),
            _ => self.plain(name),
        }
    }

    fn plain(&self, name: &str) -> Option<Cow<'a, str>> {
        let (request, arrival, trail) = (self.request, self.arrival, self.trail);
        let integration = trail.integration.as_ref();
        let text: &'a str = match name {
            "accountId" => self.account.as_str(),
            "apiId" => self.api_id,
            "domainName" => &request.domain_name,
            "domainPrefix" => request.domain_name.split('.').next()?,
            "extendedRequestId" | "requestId" => &arrival.request_id,
            "httpMethod" => request.method.as_str(),
            "path" => self.path,
            "protocol" => request.shown_protocol(),
            "requestTime" => &arrival.time,
            "routeKey" => trail.route_key.as_deref()?,
            "stage" => self.stage,
            "awsEndpointRequestId" => integration?.request_id.as_deref()?,
            "integrationErrorMessage" => trail.integration_error.as_deref()?,
            _ => return self.number(name).map(|number| number.to_string().into()),
        };
        Some(text.into())
    }

    fn number(&self, name: &str) -> Option<u64> {
        let integration = self.trail.integration.as_ref();
        Some(match name {
            "dataProcessed" => (self.request.body.len() + self.response_bytes) as u64,
            "integrationLatency" => integration?.latency_ms,
            "integrationStatus" => integration?.service_status?.into(),
            "requestTimeEpoch" => self.arrival.time_ms,
            "responseLatency" => self.answered_ms.saturating_sub(self.arrival.time_ms),
            "responseLength" => self.response_bytes as u64,
            "status" => self.response.status.into(),
            _ => return None,
        })
    }

    fn integration(&self, name: &str) -> Option<Cow<'a, str>> {
        let integration = self.trail.integration.as_ref();
        let number = match name {
            "error" => return self.trail.integration_error.as_deref().map(Cow::Borrowed),
            "requestId" => return integration?.request_id.as_deref().map(Cow::Borrowed),
            "integrationStatus" => integration?.service_status?.into(),
            "latency" => integration?.latency_ms,
            "status" => integration?.function_status?.into(),
            _ => return None,
        };
        Some(number.to_string().into())
    }

    fn error(&self, name: &str) -> Option<Cow<'a, str>> {
        let failure = self.trail.failure?;
        match name {
            "message" => Some(failure.message().into()),
            "messageString" => Some(format!("\"{}\"", failure.message()).into()),
            "responseType" => Some(failure.response_type().into()),
            _ => None,
        }
    }

    fn authorizer(&self, name: &str) -> Option<Cow<'a, str>> {
        if name == "error" {
            return self.trail.authorizer_error.as_deref().map(Cow::Borrowed);
        }
        self.trail.caller.authorizer_value(name).map(Cow::Owned)
    }

    fn identity(&self, name: &str) -> Option<Cow<'a, str>> {
        let principal = match &self.trail.caller {
            Caller::Iam(principal) => Some(principal),
            _ => None,
        };
        match name {
            "sourceIp" => Some(self.request.source_ip.to_string().into()),
            "userAgent" => Some(self.request.header(&header::USER_AGENT).into()),
            "accountId" => Some(principal?.account.as_str().to_owned().into()),
            "caller" | "user" => Some(principal?.user_id().into()),
            "userArn" => Some(principal?.arn().into()),
            _ => None,
        }
    }
}
