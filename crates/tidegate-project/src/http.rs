//! A small HTTP client for the server on this machine.

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::error::Error;
use std::time::Duration;
use tokio::net::TcpStream;

/// An answer, whole in memory.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: ::http::HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Answer {
    /// The body as text; bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 256 * 1024 * 1024;
/// How long the server may take; a function may run for 15 minutes.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(930);

/// Why there is no answer.
pub type Failure = Box<dyn Error + Send + Sync>;

/// Gets a path from the server on this port of this machine.
pub async fn get(port: u16, path: &str) -> Result<Answer, Failure> {
    let request = ::http::Request::get(path).header("host", format!("127.0.0.1:{port}")).body(Bytes::new())?;
    send(port, request).await
}

/// Sends a request to the server on this port of this machine.
pub async fn send(port: u16, request: ::http::Request<Bytes>) -> Result<Answer, Failure> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let served = tokio::spawn(connection);
    let answer = tokio::time::timeout(ANSWER_TIMEOUT, sender.send_request(request.map(Full::new))).await??;
    let (parts, body) = answer.into_parts();
    let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await?.to_bytes();
    served.abort();
    Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
}
