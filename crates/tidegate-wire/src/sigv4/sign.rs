//! Making signatures, for Tidegate's own clients and for tests.

use super::key::{SigningKey, sha256_hex};
use super::{ALGORITHM, Encoding, Request, Scope, canonical};
use http::{HeaderMap, HeaderValue};
use tidegate_types::Timestamp;

/// A key to sign with.
#[derive(Clone)]
pub struct Credentials {
    /// `AKIA…` or `ASIA…`.
    pub access_key_id: String,
    /// Its secret.
    pub secret_access_key: String,
    /// Temporary keys have one.
    pub session_token: Option<String>,
}

/// For what, and when, a request is signed.
#[derive(Debug, Clone, Copy)]
pub struct Signing<'a> {
    /// Such as `us-east-1`.
    pub region: &'a str,
    /// The signing name.
    pub service: &'a str,
    /// Now.
    pub at: Timestamp,
    /// How the path is written; `Once` for S3, whose requests also carry their body's hash.
    pub encoding: Encoding,
}

impl Signing<'_> {
    fn scope(&self) -> Scope<'_> {
        let date = self.at.amz_date()[..8].to_owned();
        Scope { date: date.into(), region: self.region.into(), service: self.service.into() }
    }

    fn signature(&self, credentials: &Credentials, canonical_request: &str) -> String {
        let (amz_date, scope) = (self.at.amz_date(), self.scope());
        let hash = sha256_hex(canonical_request.as_bytes());
        let to_sign = canonical::string_to_sign(&amz_date, &scope, &hash);
        SigningKey::derive(&credentials.secret_access_key, &scope).sign(&to_sign).to_string()
    }
}

/// A header to add to a request: lower-case name, value.
pub type SignedHeader = (&'static str, String);

/// Signs a request that has its `host` header; all its headers are covered but those that proxies change. The headers
/// given back are to be added.
pub fn sign(request: &Request<'_>, credentials: &Credentials, signing: &Signing<'_>) -> Vec<SignedHeader> {
    let mut added = vec![("x-amz-date", signing.at.amz_date())];
    added.extend(credentials.session_token.clone().map(|token| ("x-amz-security-token", token)));
    let hash = match request.headers.get("x-amz-content-sha256").map(|word| word.to_str().unwrap_or_default()) {
        Some(word) => word.to_owned(),
        None => sha256_hex(request.body.unwrap_or_default()).to_string(),
    };
    if signing.encoding == Encoding::Once && !request.headers.contains_key("x-amz-content-sha256") {
        added.push(("x-amz-content-sha256", hash.clone()));
    }
    let headers = with(request.headers, &added);
    let names = covered(&headers);
    let request = Request { headers: &headers, ..*request };
    let text = canonical::request(&request, &names, &hash, signing.encoding, None);
    let signature = signing.signature(credentials, &text);
    let (key, scope) = (&credentials.access_key_id, signing.scope());
    let value = format!("{ALGORITHM} Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}");
    added.push(("authorization", value));
    added
}

/// Presigns a request for this many seconds, at most 604,800; gives back the whole query.
pub fn presign(request: &Request<'_>, credentials: &Credentials, signing: &Signing<'_>, expires_s: u64) -> String {
    let names = covered(request.headers);
    let credential = format!("{}/{}", credentials.access_key_id, signing.scope());
    let mut parameters = vec![
        ("X-Amz-Algorithm", ALGORITHM.to_owned()),
        ("X-Amz-Credential", credential),
        ("X-Amz-Date", signing.at.amz_date()),
        ("X-Amz-Expires", expires_s.to_string()),
        ("X-Amz-SignedHeaders", names.clone()),
    ];
    parameters.extend(credentials.session_token.clone().map(|token| ("X-Amz-Security-Token", token)));
    let encoded: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{name}={}", canonical::encode(value.as_bytes(), false)))
        .collect();
    let own = (!request.query.is_empty()).then_some(request.query);
    let query = own.into_iter().chain(encoded.iter().map(String::as_str)).collect::<Vec<_>>().join("&");
    let hash = match signing.encoding {
        Encoding::Once => "UNSIGNED-PAYLOAD".to_owned(),
        Encoding::Twice => sha256_hex(request.body.unwrap_or_default()).to_string(),
    };
    let signed = Request { query: &query, ..*request };
    let text = canonical::request(&signed, &names, &hash, signing.encoding, None);
    let signature = signing.signature(credentials, &text);
    format!("{query}&X-Amz-Signature={signature}")
}

fn with(headers: &HeaderMap, added: &[SignedHeader]) -> HeaderMap {
    let mut all = headers.clone();
    for (name, value) in added {
        // Dates, hashes and tokens are visible ASCII; a token that is not would be refused as a header anyway.
        if let Ok(value) = HeaderValue::from_str(value) {
            all.insert(*name, value);
        }
    }
    all
}

/// All headers but those that intermediaries may change, with semicolons between them.
fn covered(headers: &HeaderMap) -> String {
    let changing = ["authorization", "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id"];
    let names = headers.keys().map(http::HeaderName::as_str);
    let mut names: Vec<&str> = names.filter(|name| !changing.contains(name)).collect();
    names.sort_unstable();
    names.join(";")
}
