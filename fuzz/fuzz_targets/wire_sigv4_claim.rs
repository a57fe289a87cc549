//! An `Authorization` header in the first line, a date in the second, a query in the third.
#![no_main]

use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use tidegate_types::Timestamp;
use tidegate_wire::sigv4::{Dialect, Error, Request, Rules, Verifier};

fuzz_target!(|text: &str| {
    let mut lines = text.splitn(3, '\n');
    let mut next = || lines.next().unwrap_or_default();
    let (authorization, date, query) = (next(), next(), next());
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_static("localhost"));
    for (name, value) in [("authorization", authorization), ("x-amz-date", date)] {
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            headers.insert(name, value);
        }
    }
    let now = Timestamp::from_ms(1_795_253_400_000);
    for headers in [&headers, &HeaderMap::new()] {
        let request = Request { method: "GET", path: query, query, headers, body: Some(b"") };
        let rules = Rules::of("s3", Dialect::S3);
        let got = Verifier::new().authenticate(&request, &rules, now, |_| Ok(("nobody's secret".into(), ())));
        assert!(got.is_err(), "believed {text}");
        let _ = got.err().map(|error: Error| error.answer(Dialect::Query));
    }
});
