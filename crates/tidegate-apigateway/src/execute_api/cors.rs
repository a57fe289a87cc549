//! CORS on an HTTP API: preflight answers, and the headers of all other answers.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html>

use super::request::{GatewayRequest, GatewayResponse};
use crate::apis::Cors;
use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
    ORIGIN,
};
use http::{HeaderName, HeaderValue, Method};

/// A CORS configuration with its header values made ready.
#[derive(Debug)]
pub struct CompiledCors {
    any_origin: bool,
    origins: Vec<String>,
    /// What only a preflight's answer carries.
    preflight: Vec<(HeaderName, HeaderValue)>,
    credentials: bool,
    expose: Option<HeaderValue>,
}

impl CompiledCors {
    /// Makes it ready. Values were checked when they were stored; one that is no header value is left out.
    pub fn new(cors: &Cors) -> CompiledCors {
        let joined = |list: &Option<Vec<String>>| {
            let list = list.as_ref().filter(|list| !list.is_empty())?;
            HeaderValue::try_from(list.join(",")).ok()
        };
        let age = cors.max_age.filter(|age| *age >= 0).map(HeaderValue::from);
        let preflight = [
            (ACCESS_CONTROL_ALLOW_METHODS, joined(&cors.allow_methods)),
            (ACCESS_CONTROL_ALLOW_HEADERS, joined(&cors.allow_headers)),
            (ACCESS_CONTROL_MAX_AGE, age),
        ];
        let origins = cors.allow_origins.clone().unwrap_or_default();
        CompiledCors {
            any_origin: origins.iter().any(|origin| origin == "*"),
            origins,
            preflight: preflight.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
            credentials: cors.allow_credentials == Some(true),
            expose: joined(&cors.expose_headers),
        }
    }

    /// Whether a browser asks for permission with this request.
    pub fn is_preflight(request: &GatewayRequest) -> bool {
        let has = |name| request.headers.contains_key(name);
        request.method == Method::OPTIONS && has(ORIGIN) && has(ACCESS_CONTROL_REQUEST_METHOD)
    }

    /// The answer to a preflight; [`decorate`](CompiledCors::decorate) adds the rest.
    pub fn preflight(&self, request: &GatewayRequest) -> GatewayResponse {
        let headers = if self.origin(request).is_some() { self.preflight.clone() } else { Vec::new() };
        GatewayResponse { status: 204, headers, body: Bytes::new() }
    }

    /// Takes away what the integration says about CORS and adds what the API says, if the origin is allowed.
    pub fn decorate(&self, request: &GatewayRequest, preflight: bool, response: &mut GatewayResponse) {
        if !preflight {
            response.headers.retain(|(name, _)| !name.as_str().starts_with("access-control-"));
        }
        let Some(origin) = self.origin(request) else { return };
        response.headers.push((ACCESS_CONTROL_ALLOW_ORIGIN, origin));
        if self.credentials {
            response.headers.push((ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true")));
        }
        if let Some(expose) = self.expose.clone().filter(|_| !preflight) {
            response.headers.push((ACCESS_CONTROL_EXPOSE_HEADERS, expose));
        }
    }

    /// What `access-control-allow-origin` says for this request.
    fn origin(&self, request: &GatewayRequest) -> Option<HeaderValue> {
        let origin = request.headers.get(ORIGIN)?;
        if self.any_origin {
            return Some(HeaderValue::from_static("*"));
        }
        let text = origin.to_str().ok()?;
        let allowed = self.origins.iter().any(|allowed| match allowed.strip_suffix("://*") {
            Some(scheme) => text.split_once("://").is_some_and(|(s, host)| s == scheme && !host.is_empty()),
            None => allowed == text,
        });
        allowed.then(|| origin.clone())
    }
}
