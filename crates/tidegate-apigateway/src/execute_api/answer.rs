//! What a function's answer means over HTTP.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

use super::request::GatewayResponse;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, header};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The function's answer has not the shape that its payload format asks for: the client gets a 500.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// The shape of both formats; unknown members are no fault on an HTTP API.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shape<'a> {
    #[serde(borrow, default)]
    status_code: Option<&'a RawValue>,
    #[serde(borrow, default)]
    headers: Option<Pairs<'a, Scalar<'a>>>,
    #[serde(borrow, default)]
    multi_value_headers: Option<Pairs<'a, Vec<Scalar<'a>>>>,
    #[serde(borrow, default)]
    cookies: Option<Vec<Scalar<'a>>>,
    #[serde(borrow, default)]
    body: Option<Text<'a>>,
    #[serde(default)]
    is_base64_encoded: Option<bool>,
}

/// A string that borrows from the payload where it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A header value: a string, a number or a boolean, as text; null counts as none.
struct Scalar<'a>(Option<Cow<'a, str>>);

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scalar<'a>, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        match raw.as_bytes().first() {
            Some(b'"') => {
                let text: Text<'a> = serde_json::from_str(raw).map_err(serde::de::Error::custom)?;
                Ok(Scalar(Some(text.0)))
            }
            Some(b'{' | b'[') | None => Err(serde::de::Error::custom("a header value is one value")),
            Some(b'n') => Ok(Scalar(None)),
            Some(_) => Ok(Scalar(Some(Cow::Borrowed(raw)))),
        }
    }
}

/// The members of an object, in order.
struct Pairs<'a, V>(Vec<(Cow<'a, str>, V)>);

impl<'de: 'a, 'a, V: Deserialize<'de>> Deserialize<'de> for Pairs<'a, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pairs<'a, V>, D::Error> {
        struct Members<'a, V>(std::marker::PhantomData<(&'a (), V)>);

        impl<'de: 'a, 'a, V: Deserialize<'de>> Visitor<'de> for Members<'a, V> {
            type Value = Pairs<'a, V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'a, V>, A::Error> {
                let mut pairs = Vec::with_capacity(map.size_hint().unwrap_or(8));
                while let Some((Text(name), value)) = map.next_entry::<Text<'a>, V>()? {
                    pairs.push((name, value));
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(Members(std::marker::PhantomData))
    }
}

/// Reads an answer in format 1.0: an object with a status code, and nothing else will do.
pub fn read_v1(payload: &Bytes) -> Result<GatewayResponse, Malformed> {
    let shape: Shape<'_> = object(payload).ok_or(Malformed)?;
    let mut response = shape.response(payload)?;
    for (name, values) in shape.multi_value_headers.into_iter().flat_map(|pairs| pairs.0) {
        for value in values {
            add(&mut response, &name, value);
        }
    }
    Ok(finished(response))
}

/// Reads an answer in format 2.0: an object with a status code is an answer, anything else is an answer's body.
pub fn read_v2(payload: &Bytes) -> Result<GatewayResponse, Malformed> {
    let shape = match object::<Shape<'_>>(payload) {
        Some(shape) if shape.status_code.is_some() => shape,
        _ if has_status(payload) => return Err(Malformed),
        _ => return inferred(payload),
    };
    let mut response = shape.response(payload)?;
    for cookie in shape.cookies.into_iter().flatten() {
        add(&mut response, header::SET_COOKIE.as_str(), cookie);
    }
    Ok(finished(response))
}

/// Reads a JSON object. Structures would otherwise take arrays, too, member by member.
pub fn object<'a, T: Deserialize<'a>>(payload: &'a [u8]) -> Option<T> {
    if payload.trim_ascii_start().starts_with(b"{") { serde_json::from_slice(payload).ok() } else { None }
}

/// The statuses that a payload means in format 1.0 and 2.0.
pub fn read_answers(payload: &Bytes) -> [Option<u16>; 2] {
    [read_v1(payload), read_v2(payload)].map(|read| read.ok().map(|response| response.status))
}

/// Whether the object has a member `statusCode` that is not null.
fn has_status(payload: &[u8]) -> bool {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Status {
        #[serde(default)]
        status_code: Option<IgnoredAny>,
    }
    object::<Status>(payload).is_some_and(|status| status.status_code.is_some())
}

impl Shape<'_> {
    /// Status, body and single headers.
    fn response(&self, payload: &Bytes) -> Result<GatewayResponse, Malformed> {
        let status = self.status_code.and_then(status).ok_or(Malformed)?;
        let body = self.body.as_ref().map_or("", |text| &text.0);
        let body = match self.is_base64_encoded {
            Some(true) => Bytes::from(STANDARD.decode(body.trim_end()).map_err(|_| Malformed)?),
            _ => shared(payload, body),
        };
        let mut response = GatewayResponse { status, headers: Vec::new(), body };
        for (name, value) in self.headers.iter().flat_map(|pairs| &pairs.0) {
            add(&mut response, name, Scalar(value.0.as_deref().map(Cow::Borrowed)));
        }
        Ok(response)
    }
}

/// A part of the payload without a copy, if the text is one.
fn shared(payload: &Bytes, text: &str) -> Bytes {
    let range = payload.as_ptr_range();
    if !text.is_empty() && range.contains(&text.as_ptr()) {
        payload.slice_ref(text.as_bytes())
    } else {
        Bytes::copy_from_slice(text.as_bytes())
    }
}

/// A status code: a number, or a string that holds one.
fn status(raw: &RawValue) -> Option<u16> {
    let text = raw.get().trim_matches('"');
    let status: u16 = text.parse().ok()?;
    (200..=599).contains(&status).then_some(status)
}

/// Response headers that belong to the connection, not to the answer (RFC 9110 §7.6.1), or that the gateway sets.
fn is_dropped(name: &HeaderName) -> bool {
    const NAMES: [HeaderName; 8] = [
        header::CONNECTION,
        header::CONTENT_LENGTH,
        header::PROXY_AUTHENTICATE,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
        HeaderName::from_static("apigw-requestid"),
    ];
    NAMES.contains(name) || matches!(name.as_str(), "keep-alive" | "proxy-connection")
}

/// Adds a header. One that HTTP does not allow, such as a value with a line break, is left out: it could forge others.
fn add(response: &mut GatewayResponse, name: &str, value: Scalar<'_>) {
    let Some(value) = value.0 else { return };
    let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(&value)) else { return };
    if !is_dropped(&name) {
        response.headers.push((name, value));
    }
}

/// What an answer gets if it does not say otherwise.
fn finished(mut response: GatewayResponse) -> GatewayResponse {
    if !response.body.is_empty() && !response.has(&header::CONTENT_TYPE) {
        response.headers.push((header::CONTENT_TYPE, HeaderValue::from_static("text/plain;charset=UTF-8")));
    }
    response
}

/// Format 2.0 without a status code: 200, JSON, and the answer itself as the body; a string without its quotes.
fn inferred(payload: &Bytes) -> Result<GatewayResponse, Malformed> {
    let raw: &RawValue = serde_json::from_slice(payload).map_err(|_| Malformed)?;
    let text = raw.get();
    let body = if text.starts_with('"') {
        let text: Text<'_> = serde_json::from_str(text).map_err(|_| Malformed)?;
        shared(payload, &text.0)
    } else {
        compact(payload, text)
    };
    let headers = vec![(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    Ok(GatewayResponse { status: 200, headers, body })
}

/// JSON without the white space between its tokens.
fn compact(payload: &Bytes, json: &str) -> Bytes {
    let mut out = Vec::with_capacity(json.len());
    let (mut quoted, mut escaped) = (false, false);
    for &byte in json.as_bytes() {
        if !quoted && byte.is_ascii_whitespace() {
            continue;
        }
        out.push(byte);
        (quoted, escaped) = match byte {
            b'"' if !escaped => (!quoted, false),
            b'\\' if quoted => (true, !escaped),
            _ => (quoted, false),
        };
    }
    if out.len() == json.len() { shared(payload, json) } else { Bytes::from(out) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(read: Result<GatewayResponse, Malformed>) -> String {
        let Ok(response) = read else { return "malformed".to_owned() };
        let headers: Vec<_> =
            response.headers.iter().map(|(n, v)| format!("{n}={}", v.to_str().expect("ascii"))).collect();
        format!("{} [{}] {}", response.status, headers.join(" "), String::from_utf8_lossy(&response.body))
    }

    fn v1(payload: &str) -> String {
        shown(read_v1(&Bytes::copy_from_slice(payload.as_bytes())))
    }

    fn v2(payload: &str) -> String {
        shown(read_v2(&Bytes::copy_from_slice(payload.as_bytes())))
    }

    /// The rules under "Format of the Lambda function response for payload format 2.0" on the page named above.
    #[test]
    fn format_2_infers() {
        let json = "200 [content-type=application/json]";
        for (payload, expected) in [
            (r#""Hello""#, format!("{json} Hello")),
            (r#""a\n\"b\"""#, format!("{json} a\n\"b\"")),
            ("3", format!("{json} 3")),
            ("true", format!("{json} true")),
            ("null", format!("{json} null")),
            (r#"["hello", 3, true]"#, format!("{json} [\"hello\",3,true]")),
            (r#"{ "a b" : "c \" d" , "e": [1, 2] }"#, format!("{json} {{\"a b\":\"c \\\" d\",\"e\":[1,2]}}")),
            (r#"{"body": "x", "headers": {}}"#, format!("{json} {{\"body\":\"x\",\"headers\":{{}}}}")),
            (r#"{"statusCode": null}"#, format!("{json} {{\"statusCode\":null}}")),
            ("[200]", format!("{json} [200]")),
            ("", "malformed".to_owned()),
            ("not json", "malformed".to_owned()),
            ("{\"a\":", "malformed".to_owned()),
        ] {
            assert_eq!(v2(payload), expected, "{payload}");
        }
    }

    #[test]
    fn format_2_with_a_status() {
        for (payload, expected) in [
            (r#"{"statusCode":200}"#, "200 [] "),
            (r#"{"statusCode":"201","body":"x"}"#, "201 [content-type=text/plain;charset=UTF-8] x"),
            (r#"{"statusCode":204,"body":null,"headers":null}"#, "204 [] "),
            (
                r#"{"statusCode":200,"headers":{"Content-Type":"text/html","X-N":5,"X-B":true,"X-0":null},"body":"<p>"}"#,
                "200 [content-type=text/html x-n=5 x-b=true] <p>",
            ),
            (
                r#"{"statusCode":302,"headers":{"Location":"/x"},"cookies":["a=1; Path=/","b=2"]}"#,
                "302 [location=/x set-cookie=a=1; Path=/ set-cookie=b=2] ",
            ),
            (
                r#"{"statusCode":200,"body":"aGk=","isBase64Encoded":true}"#,
                "200 [content-type=text/plain;charset=UTF-8] hi",
            ),
            (r#"{"statusCode":200,"multiValueHeaders":{"a":["1"]},"extra":{}}"#, "200 [] "),
            (r#"{"statusCode":200,"body":{"a":1}}"#, "malformed"),
            (r#"{"statusCode":200,"body":1}"#, "malformed"),
            (r#"{"statusCode":200,"headers":[]}"#, "malformed"),
            (r#"{"statusCode":200,"headers":{"a":["1"]}}"#, "malformed"),
            (r#"{"statusCode":200,"cookies":"a=1"}"#, "malformed"),
            (r#"{"statusCode":200,"body":"!","isBase64Encoded":true}"#, "malformed"),
            (r#"{"statusCode":99}"#, "malformed"),
            (r#"{"statusCode":100}"#, "malformed"),
            (r#"{"statusCode":600}"#, "malformed"),
            (r#"{"statusCode":"ok"}"#, "malformed"),
            (r#"{"statusCode":[200]}"#, "malformed"),
        ] {
            assert_eq!(v2(payload), expected, "{payload}");
        }
    }

    #[test]
    fn format_1_is_strict() {
        for (payload, expected) in [
            (r#"{"statusCode":200,"body":"x"}"#, "200 [content-type=text/plain;charset=UTF-8] x"),
            (r#"{"statusCode":200,"headers":{"a":"1"},"multiValueHeaders":{"b":["2","3"]}}"#, "200 [a=1 b=2 b=3] "),
            (r#"{"statusCode":200,"cookies":["a=1"]}"#, "200 [] "),
            (r#"{"body":"x"}"#, "malformed"),
            (r#""Hello""#, "malformed"),
            ("3", "malformed"),
            ("null", "malformed"),
            (r#"[200]"#, "malformed"),
            (r#"{"statusCode":200,"multiValueHeaders":{"b":"2"}}"#, "malformed"),
            (r#"{"statusCode":200,"body":{}}"#, "malformed"),
        ] {
            assert_eq!(v1(payload), expected, "{payload}");
        }
    }

    #[test]
    fn no_header_is_forged() {
        for header in [
            r#""X-A":"1\r\nSet-Cookie: admin=1""#,
            r#""X-A":"1\n""#,
            r#""X-A\r\nX-B":"1""#,
            r#""X A":"1""#,
            r#""":"1""#,
            r#""Content-Length":"5""#,
            r#""Transfer-Encoding":"chunked""#,
            r#""Connection":"close""#,
            r#""apigw-requestid":"mine""#,
        ] {
            assert_eq!(v2(&format!("{{\"statusCode\":200,\"headers\":{{{header}}}}}")), "200 [] ", "{header}");
        }
    }

    #[test]
    fn a_plain_body_is_not_copied() {
        let payload = Bytes::from_static(br#"{"statusCode":200,"body":"plain"}"#);
        let response = read_v2(&payload).expect("an answer");
        assert!(payload.as_ptr_range().contains(&response.body.as_ptr()));
    }

    proptest! {
        #[test]
        fn no_payload_panics(payload in any::<Vec<u8>>()) {
            let payload = Bytes::from(payload);
            let _ = (read_v1(&payload), read_v2(&payload));
        }

        #[test]
        fn any_body_comes_through(body in any::<String>()) {
            let payload = serde_json::json!({"statusCode": 200, "body": body}).to_string();
            let response = read_v2(&Bytes::from(payload)).expect("an answer");
            prop_assert_eq!(&response.body[..], body.as_bytes());
        }
    }
}
