//! Signatures: what is claimed, what is signed, and bodies that are signed piece by piece.

use crate::lines;
use http::{HeaderMap, HeaderValue};
use std::sync::{Arc, LazyLock};
use tidegate_types::Timestamp;
use tidegate_wire::sigv4::{
    Authentic, Chunks, Credentials, Dialect, Encoding, Request, Rules, Signing, Verifier, presign, sign,
};

const NOW: Timestamp = Timestamp::from_ms(1_795_253_400_000);

static SIGNED: LazyLock<HeaderMap> = LazyLock::new(|| signed("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"));
static UNSIGNED: LazyLock<HeaderMap> = LazyLock::new(|| signed("STREAMING-UNSIGNED-PAYLOAD-TRAILER"));

fn key() -> Credentials {
    Credentials { access_key_id: "A".into(), secret_access_key: "S".into(), session_token: None }
}

/// A request's headers, signed.
fn signed(word: &'static str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_static("localhost"));
    headers.insert("x-amz-content-sha256", HeaderValue::from_static(word));
    let signing = Signing { region: "us-east-1", service: "s3", at: NOW, encoding: Encoding::Once };
    let unsigned = headers.clone();
    for (name, value) in sign(&request(&unsigned), &key(), &signing) {
        headers.insert(name, value.parse().expect("signatures are ASCII"));
    }
    headers
}

fn request(headers: &HeaderMap) -> Request<'_> {
    Request { method: "PUT", path: "/b/k", query: "", headers, body: None }
}

fn authentic(headers: &HeaderMap) -> Authentic<'_, ()> {
    let rules = Rules::of("s3", Dialect::S3);
    let got = Verifier::new().authenticate(&request(headers), &rules, NOW, |_| Ok(("S".into(), ())));
    got.unwrap_or_else(|error| panic!("what was just signed is good: {error}"))
}

fn take(authentic: &Authentic<'_, ()>, body: &[u8], step: usize) -> Option<(Vec<u8>, Vec<(String, String)>)> {
    let mut chunks = Chunks::new(authentic, body.len() as u64 / 2)?;
    let mut data = Vec::new();
    for part in body.chunks(step) {
        chunks.push(part, &mut data).ok()?;
    }
    Some((data, chunks.finish().ok()?))
}

/// Bodies in `aws-chunked` form, taken in one piece and in pieces: both must give the same.
pub fn chunks(body: &[u8]) {
    for authentic in [authentic(&SIGNED), authentic(&UNSIGNED)] {
        assert_eq!(take(&authentic, body, body.len().max(1)), take(&authentic, body, 3));
    }
}

/// An `Authorization` header in the first line, a date in the second, a query in the third.
pub fn claim(text: &str) {
    let [authorization, date, query] = lines(text);
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_static("localhost"));
    for (name, value) in [("authorization", authorization), ("x-amz-date", date)] {
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            headers.insert(name, value);
        }
    }
    for headers in [&headers, &HeaderMap::new()] {
        let request = Request { method: "GET", path: query, query, headers, body: Some(b"") };
        let rules = Rules::of("s3", Dialect::S3);
        match Verifier::new().authenticate(&request, &rules, NOW, |_| Ok(("nobody's secret".into(), ()))) {
            Ok(_) => panic!("believed {text}"),
            Err(error) => drop(error.answer(Dialect::Query)),
        }
    }
}

/// A path, a query and a header's value: whatever they are, what was presigned is good, and nothing else is.
pub fn presigned(text: &str) {
    let [path, query, header] = lines(text);
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_static("localhost"));
    if let Ok(value) = HeaderValue::from_bytes(header.as_bytes()) {
        headers.insert("x-amz-meta-a", value);
    }
    for (service, encoding) in [("s3", Encoding::Once), ("lambda", Encoding::Twice)] {
        let signing = Signing { region: "us-east-1", service, at: NOW, encoding };
        let request = Request { method: "GET", path, query, headers: &headers, body: Some(b"") };
        let query = presign(&request, &key(), &signing, 60);
        let request = Request { query: &query, ..request };
        let rules = Rules::of(service, Dialect::Query);
        let good = |secret: &str| {
            let secret = Arc::from(secret);
            Verifier::new().authenticate(&request, &rules, NOW, |_| Ok((secret, ()))).is_ok()
        };
        assert!(!good("another"), "believed {query}");
        // A query with signing parameters of its own contradicts those that were added.
        assert!(good("S") || text.to_ascii_lowercase().contains("x-amz-") || text.contains('%'), "refused {query}");
    }
}
