//! Signs the requests of `botocore.json` with the crate `aws-sigv4`, and chunked bodies, which botocore does not sign.

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SessionTokenMode, SignableBody, SignableRequest, SignatureLocation,
    SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_runtime_api::http::Headers;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

fn settings(service: &str, form: &str, expires_s: u64) -> SigningSettings {
    let mut settings = SigningSettings::default();
    if service == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    settings.session_token_mode = SessionTokenMode::Include;
    if form == "query" {
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(expires_s));
    }
    settings
}

fn vector(all: &Value, one: &Value, at: SystemTime) -> Option<Value> {
    let (service, form) = (text(one, "service"), text(one, "form"));
    // Whether `/a/..` is `/` or nothing, signers disagree; nobody sends it.
    if service != "s3" && (text(one, "path").ends_with("/..") || text(one, "path").ends_with("/.")) {
        return None;
    }
    let token = one["token"].as_str().map(str::to_owned);
    let identity: Identity =
        Credentials::new(text(all, "access_key_id"), text(all, "secret_access_key"), token, None, "vectors").into();
    let made = ["authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256", "content-length"];
    let headers: Vec<(&str, &str)> =
        one["headers"].as_array()?.iter().map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap())).collect();
    let headers: Vec<(&str, &str)> = headers.into_iter().filter(|(name, _)| !made.contains(name)).collect();
    let host = headers.iter().find(|(name, _)| *name == "host")?.1;
    let query = text(one, "query").split("X-Amz-Algorithm").next()?.trim_end_matches('&');
    let question = if query.is_empty() { "" } else { "?" };
    let uri = format!("https://{host}{}{question}{query}", text(one, "path"));
    let body = STANDARD.decode(text(one, "body")).ok()?;
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(text(one, "region"))
        .name(service)
        .time(at)
        .settings(settings(service, form, all["expires_s"].as_u64()?))
        .build()
        .ok()?
        .into();
    let signable_body =
        if service == "s3" && form == "query" { SignableBody::UnsignedPayload } else { SignableBody::Bytes(&body) };
    let signable = SignableRequest::new(text(one, "method"), &uri, headers.iter().copied(), signable_body).ok()?;
    let (instructions, _) = sign(signable, &params).ok()?.into_parts();
    let mut request = http::Request::builder().method(text(one, "method")).uri(&uri);
    for (name, value) in &headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(()).ok()?;
    instructions.apply_to_request_http1x(&mut request);
    let sent: Vec<Value> =
        request.headers().iter().map(|(name, value)| json!([name.as_str(), value.to_str().unwrap()])).collect();
    Some(json!({
        "note": text(one, "note"), "form": form, "service": service, "region": text(one, "region"),
        "method": text(one, "method"), "path": request.uri().path(), "query": request.uri().query().unwrap_or(""),
        "headers": sent, "body": text(one, "body"), "token": one["token"],
    }))
}

/// A body in two chunks, and one with a trailer, that continue the signature `seed`.
fn chunks(all: &Value, at: SystemTime) -> Value {
    let identity: Identity =
        Credentials::new(text(all, "access_key_id"), text(all, "secret_access_key"), None, None, "vectors").into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name("s3")
        .time(at)
        .settings(())
        .build()
        .unwrap();
    let seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    let mut previous = seed.to_owned();
    let mut body = Vec::new();
    for data in ["a".repeat(1000), "b".repeat(24)] {
        let signature = v4::sign_chunk(&data.clone().into(), &previous, &params).unwrap().signature().to_owned();
        body.extend(format!("{:x};chunk-signature={signature}\r\n{data}\r\n", data.len()).into_bytes());
        previous = signature;
    }
    let last = v4::sign_chunk(&bytes::Bytes::new(), &previous, &params).unwrap().signature().to_owned();
    let mut plain = body.clone();
    plain.extend(format!("0;chunk-signature={last}\r\n\r\n").into_bytes());
    let mut trailers = Headers::new();
    trailers.insert("x-amz-checksum-crc32c", "sOO8/Q==");
    trailers.insert("x-amz-another", "value");
    let signed = v4::sign_trailer(&trailers, &last, &params).unwrap().signature().to_owned();
    let lines = "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-another:value\r\n";
    body.extend(format!("0;chunk-signature={last}\r\n{lines}x-amz-trailer-signature:{signed}\r\n\r\n").into_bytes());
    json!({"seed": seed, "length": 1024, "plain": STANDARD.encode(plain), "with_trailers": STANDARD.encode(body)})
}

fn main() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let all: Value = serde_json::from_str(&std::fs::read_to_string(format!("{path}/botocore.json")).unwrap()).unwrap();
    // 20261121T093000Z, as in botocore.json.
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_253_400);
    let vectors: Vec<String> = all["vectors"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| vector(&all, one, at))
        .map(|v| v.to_string())
        .collect();
    let head = json!({
        "crate": "aws-sigv4 1.6.4", "at": all["at"], "access_key_id": all["access_key_id"],
        "secret_access_key": all["secret_access_key"], "expires_s": all["expires_s"], "chunks": chunks(&all, at),
    });
    let head = head.to_string();
    let text = format!("{}, \"vectors\": [\n{}\n]}}\n", &head[..head.len() - 1], vectors.join(",\n"));
    std::fs::write(format!("{path}/aws-sigv4.json"), text).unwrap();
    println!("{} vectors", vectors.len());
}
