//! Prepared requests.

use http::{HeaderMap, HeaderValue};
use tidegate_types::{Clock, SystemClock};
use tidegate_wire::sigv4;

/// A plain GET.
pub fn get(host: &str, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes()
}

/// A signed DynamoDB call.
///
/// # Panics
/// If the body makes an invalid header, which it is no part of.
pub fn dynamodb(operation: &str, body: &str) -> Vec<u8> {
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_static("127.0.0.1"));
    headers.insert("content-type", HeaderValue::from_static("application/x-amz-json-1.0"));
    let target = HeaderValue::from_str(&format!("DynamoDB_20120810.{operation}")).expect("operation names are ASCII");
    headers.insert("x-amz-target", target);
    let request =
        sigv4::Request { method: "POST", path: "/", query: "", headers: &headers, body: Some(body.as_bytes()) };
    let credentials =
        sigv4::Credentials { access_key_id: "test".into(), secret_access_key: "test".into(), session_token: None };
    let (at, encoding) = (SystemClock.now(), sigv4::Encoding::Twice);
    let signing = sigv4::Signing { region: "us-east-1", service: "dynamodb", at, encoding };
    for (name, value) in sigv4::sign(&request, &credentials, &signing) {
        headers.insert(name, HeaderValue::from_str(&value).expect("signatures are ASCII"));
    }
    let mut text = "POST / HTTP/1.1\r\n".to_owned();
    for (name, value) in &headers {
        text += &format!("{name}: {}\r\n", value.to_str().expect("all values above are ASCII"));
    }
    format!("{text}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
