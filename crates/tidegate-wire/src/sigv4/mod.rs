//! Signature Version 4: who signed this request, and did nobody change it since?
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>
//!
//! [`Verifier::authenticate`] reads the claim out of a request (header or query form), asks the caller for the secret of
//! the access key, and compares signatures. [`sign`] and [`presign`] make the same signatures for Tidegate's own
//! clients. [`Chunks`] takes `aws-chunked` bodies apart, whose chunks are signed one by one. Everything is pure: time
//! and secrets come from the caller.

mod canonical;
mod chunks;
mod claim;
mod error;
mod key;
mod limits;
mod payload;
mod rules;
mod sign;
mod verify;

pub use chunks::{Chunks, encode_chunks};
pub use claim::{Claim, Form};
pub use error::{Answer, Dialect, Error};
pub use key::Keys;
pub use payload::Payload;
pub use rules::{Encoding, Rules};
pub use sign::{Credentials, SignedHeader, Signing, presign, sign};
pub use verify::{Authentic, Verifier};

use http::HeaderMap;
use std::borrow::Cow;

/// The one algorithm that is supported; SigV4A (`AWS4-ECDSA-P256-SHA256`) is refused.
pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What of a request is signed. Over HTTP/2, `:authority` stands as the `host` header.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Such as `GET`.
    pub method: &'a str,
    /// The path as it came, still percent-encoded, without the query.
    pub path: &'a str,
    /// The query as it came, without the question mark; empty if there is none.
    pub query: &'a str,
    /// All headers.
    pub headers: &'a HeaderMap,
    /// The body, where it is at hand; only S3 requests can be judged without (see [`Payload`]).
    pub body: Option<&'a [u8]>,
}

/// What a signature is good for: one day, one region, one service.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope<'a> {
    /// `20261121`.
    pub date: Cow<'a, str>,
    /// Such as `us-east-1`.
    pub region: Cow<'a, str>,
    /// The service's signing name, such as `dynamodb`.
    pub service: Cow<'a, str>,
}

impl Scope<'_> {
    /// The same with texts of its own.
    pub(crate) fn into_owned(self) -> Scope<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Scope { date: own(self.date), region: own(self.region), service: own(self.service) }
    }
}

impl std::fmt::Display for Scope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}/aws4_request", self.date, self.region, self.service)
    }
}
