//! One request on its way through a route, with all that events, authorizers and mappings say about it.

use super::arrival::{Arrival, TRACE_ID};
use super::caller::Caller;
use super::compiled::{CompiledApi, CompiledRoute, CompiledStage};
use super::percent;
use super::request::GatewayRequest;
use http::{HeaderName, HeaderValue, header};
use std::borrow::Cow;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// One request on its way through a route.
pub struct Exchange<'a> {
    /// What came.
    pub request: &'a GatewayRequest,
    /// Ids and time.
    pub arrival: &'a Arrival,
    /// The API.
    pub api: &'a CompiledApi,
    /// The stage.
    pub stage: &'a CompiledStage,
    /// The route.
    pub route: &'a CompiledRoute,
    /// What the route's path variables hold.
    pub parameters: Vec<(&'a str, String)>,
    /// The path, decoded, with the stage if one was named.
    pub path: &'a str,
    /// Who called.
    pub caller: Caller,
}

/// A request and its path after the changes.
pub struct Mapped {
    /// What the integration gets.
    pub request: GatewayRequest,
    /// The path, decoded.
    pub path: String,
}

/// Request headers that end at the gateway (RFC 9110 §7.6.1), or that it replaces.
fn is_dropped(name: &HeaderName) -> bool {
    const NAMES: [HeaderName; 12] = [
        header::CONNECTION,
        header::CONTENT_LENGTH,
        header::COOKIE,
        header::EXPECT,
        header::PROXY_AUTHENTICATE,
        header::PROXY_AUTHORIZATION,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
        TRACE_ID,
        FORWARDED_FOR,
    ];
    NAMES.contains(name)
        || matches!(name.as_str(), "keep-alive" | "proxy-connection" | "x-forwarded-port" | "x-forwarded-proto")
}

/// A header's value as text; bytes that are not ASCII count as Latin-1.
fn text(value: &HeaderValue) -> Cow<'_, str> {
    match value.to_str() {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(value.as_bytes().iter().map(|b| *b as char).collect()),
    }
}

impl<'a> Exchange<'a> {
    /// The headers that the integration sees: lower-case names in order, one entry for each value, without cookies.
    pub fn headers(&self) -> Vec<(&'a str, Cow<'a, str>)> {
        let request = self.request;
        let mut all = Vec::with_capacity(request.headers.len() + 6);
        for (name, value) in &request.headers {
            if !is_dropped(name) {
                all.push((name.as_str(), text(value)));
            }
        }
        if !request.headers.contains_key(header::HOST) {
            all.push(("host", Cow::Borrowed(&request.domain_name)));
        }
        all.push(("content-length", Cow::Owned(request.body.len().to_string())));
        all.push(("x-amzn-trace-id", Cow::Borrowed(&self.arrival.trace)));
        all.push(("x-forwarded-for", Cow::Owned(self.forwarded_for())));
        all.push(("x-forwarded-port", Cow::Borrowed("443")));
        all.push(("x-forwarded-proto", Cow::Borrowed("https")));
        all.sort_by(|a, b| a.0.cmp(b.0));
        all
    }

    fn forwarded_for(&self) -> String {
        let before: Vec<_> = self.request.headers.get_all(FORWARDED_FOR).iter().map(text).collect();
        match before.join(", ") {
            none if none.is_empty() => self.request.source_ip.to_string(),
            some => format!("{some}, {}", self.request.source_ip),
        }
    }

    /// All cookies, one by one.
    pub fn cookies(&self) -> Vec<String> {
        let values = self.request.headers.get_all(header::COOKIE).iter().map(text);
        let split = |value: Cow<'_, str>| value.split(';').map(|c| c.trim().to_owned()).collect::<Vec<_>>();
        values.flat_map(split).filter(|cookie| !cookie.is_empty()).collect()
    }

    /// The values of the `cookie` header as they came.
    pub fn cookie_headers(&self) -> Vec<Cow<'a, str>> {
        self.request.headers.get_all(header::COOKIE).iter().map(text).collect()
    }

    /// The first label of the host.
    pub fn domain_prefix(&self) -> &'a str {
        self.request.domain_name.split('.').next().unwrap_or_default()
    }

    /// The `User-Agent`.
    pub fn user_agent(&self) -> &'a str {
        self.request.header(&header::USER_AGENT)
    }

    /// The body as text, if the integration gets it so: HTTP APIs hand over these media types as they are, and all
    /// else, a missing type included, in base64.
    pub fn text_body(&self) -> Option<&'a str> {
        let media = self.request.header(&header::CONTENT_TYPE).split(';').next().unwrap_or_default().trim();
        let media = media.to_ascii_lowercase();
        let is_text = media.starts_with("text/")
            || ["application/json", "application/xml", "application/javascript"].contains(&media.as_str());
        if is_text { std::str::from_utf8(&self.request.body).ok() } else { None }
    }

    /// What API Gateway presents as `aws:SourceArn` when it calls the integration's function: the route's template, not
    /// the path that was asked for.
    pub fn source_arn(&self) -> String {
        let stage = &self.stage.name;
        match self.route.template.as_str() {
            "$default" => format!("{}/{stage}/$default", self.api.execute_arn),
            template => format!("{}/{stage}/{}{template}", self.api.execute_arn, self.request.method),
        }
    }

    /// The resource of `execute-api:Invoke`, and `routeArn` for authorizers: the path that was asked for.
    pub fn route_arn(&self, path_in_stage: &str) -> String {
        format!("{}/{}/{}{path_in_stage}", self.api.execute_arn, self.stage.name, self.request.method)
    }

    /// The query string's pairs, decoded and sorted by key; values of one key keep their order.
    pub fn query(&self) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
        let mut pairs: Vec<_> = percent::pairs(self.request.query.as_deref().unwrap_or_default()).collect();
        pairs.sort_by(|a, b| a.0.cmp(&b.0));
        pairs
    }

    /// The first value of a key of the query string.
    pub fn query_value(&self, name: &str) -> Option<String> {
        let query = self.request.query.as_deref().unwrap_or_default();
        percent::pairs(query).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// `$context.NAME`, as far as it is known before the integration is called.
    pub fn context(&self, name: &str) -> Option<String> {
        if let Some(key) = name.strip_prefix("authorizer.") {
            return self.caller.authorizer_value(key);
        }
        Some(match name {
            "accountId" => self.api.account.to_string(),
            "apiId" => self.api.api_id.clone(),
            "domainName" => self.request.domain_name.clone(),
            "domainPrefix" => self.domain_prefix().to_owned(),
            "httpMethod" => self.request.method.to_string(),
            "identity.sourceIp" => self.request.source_ip.to_string(),
            "identity.userAgent" => self.user_agent().to_owned(),
            "path" => self.path.to_owned(),
            "protocol" => self.request.shown_protocol().to_owned(),
            "extendedRequestId" | "requestId" => self.arrival.request_id.clone(),
            "requestTime" => self.arrival.time.clone(),
            "requestTimeEpoch" => self.arrival.time_ms.to_string(),
            "routeKey" => self.route.key.clone(),
            "stage" => self.stage.name.clone(),
            _ => return None,
        })
    }

    /// The same exchange with what parameter mappings made of the request.
    pub fn mapped<'m>(&self, mapped: &'m Mapped) -> Exchange<'m>
    where
        'a: 'm,
    {
        Exchange {
            request: &mapped.request,
            path: &mapped.path,
            parameters: self.parameters.clone(),
            caller: self.caller.clone(),
            ..*self
        }
    }
}
