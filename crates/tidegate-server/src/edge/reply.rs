//! Answers that the edge itself gives.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;

/// An answer, whole in memory.
pub type Reply = Response<Full<Bytes>>;

/// An answer of these parts. A header that HTTP does not allow is left out.
pub fn reply(status: u16, headers: Vec<(String, String)>, body: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(Full::new(body.into()));
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            reply.headers_mut().append(name, value);
        }
    }
    reply
}

/// A JSON answer.
pub fn json(status: u16, body: &serde_json::Value) -> Reply {
    reply(status, vec![("content-type".into(), "application/json".into())], body.to_string())
}

/// A refusal of the edge's own: what happened, and what to do next.
pub fn refusal(status: u16, message: &str) -> Reply {
    json(status, &serde_json::json!({ "message": message }))
}

/// The same, and the connection ends: what follows on it cannot be trusted.
pub fn refusal_and_close(status: u16, message: &str) -> Reply {
    and_close(refusal(status, message))
}

/// An answer after which the connection ends.
pub fn and_close(mut reply: Reply) -> Reply {
    reply.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    reply
}
