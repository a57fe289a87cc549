//! Signing the client's requests.

use super::Client;
use crate::http::Failure;
use bytes::Bytes;
use http::{HeaderValue, Request, header};
use tidegate_model::Service;
use tidegate_types::{Clock, SystemClock};
use tidegate_wire::sigv4;

/// The region that requests to global services are signed for.
/// <https://docs.aws.amazon.com/general/latest/gr/iam-service.html>
const GLOBAL_REGION: &str = "us-east-1";

/// The request with its `host` header and its signature.
pub fn sign(client: &Client, service: &Service, mut request: Request<Bytes>) -> Result<Request<Bytes>, Failure> {
    let host = HeaderValue::from_str(&format!("127.0.0.1:{}", client.port))?;
    request.headers_mut().insert(header::HOST, host);
    let credentials = sigv4::Credentials {
        access_key_id: client.access_key_id.clone(),
        secret_access_key: client.secret_access_key.clone(),
        session_token: None,
    };
    let signing = sigv4::Signing {
        region: if service.name == "iam" { GLOBAL_REGION } else { &client.region },
        service: service.signing_name,
        at: SystemClock.now(),
        encoding: sigv4::Encoding::Twice,
    };
    let parts = sigv4::Request {
        method: request.method().as_str(),
        path: request.uri().path(),
        query: request.uri().query().unwrap_or_default(),
        headers: request.headers(),
        body: Some(request.body()),
    };
    for (name, value) in sigv4::sign(&parts, &credentials, &signing) {
        request.headers_mut().insert(name, HeaderValue::from_str(&value)?);
    }
    Ok(request)
}
