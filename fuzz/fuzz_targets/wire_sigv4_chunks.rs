//! Bodies in `aws-chunked` form, taken in one piece and in pieces: both must give the same.
#![no_main]

use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use tidegate_types::Timestamp;
use tidegate_wire::sigv4::{
    Authentic, Chunks, Credentials, Dialect, Encoding, Request, Rules, Signing, Verifier, sign,
};

static SIGNED: LazyLock<Authentic<()>> = LazyLock::new(|| authentic("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"));
static UNSIGNED: LazyLock<Authentic<()>> = LazyLock::new(|| authentic("STREAMING-UNSIGNED-PAYLOAD-TRAILER"));

fn authentic(word: &'static str) -> Authentic<()> {
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_static("localhost"));
    headers.insert("x-amz-content-sha256", HeaderValue::from_static(word));
    let at = Timestamp::from_ms(1_795_253_400_000);
    let key = Credentials { access_key_id: "A".into(), secret_access_key: "S".into(), session_token: None };
    let signing = Signing { region: "us-east-1", service: "s3", at, encoding: Encoding::Once };
    let unsigned = headers.clone();
    let request = Request { method: "PUT", path: "/b/k", query: "", headers: &unsigned, body: None };
    for (name, value) in sign(&request, &key, &signing) {
        headers.insert(name, value.parse().expect("signatures are ASCII"));
    }
    let request = Request { headers: &headers, ..request };
    let rules = Rules::of("s3", Dialect::S3);
    let got = Verifier::new().authenticate(&request, &rules, at, |_| Ok(("S".into(), ())));
    got.unwrap_or_else(|error| panic!("what was just signed is good: {error}"))
}

fn take(authentic: &Authentic<()>, body: &[u8], step: usize) -> Option<(Vec<u8>, Vec<(String, String)>)> {
    let mut chunks = Chunks::new(authentic, body.len() as u64 / 2)?;
    let mut data = Vec::new();
    for part in body.chunks(step) {
        chunks.push(part, &mut data).ok()?;
    }
    Some((data, chunks.finish().ok()?))
}

fuzz_target!(|body: &[u8]| {
    for authentic in [&*SIGNED, &*UNSIGNED] {
        assert_eq!(take(authentic, body, body.len().max(1)), take(authentic, body, 3));
    }
});
