//! Signatures against those of botocore and of the crate `aws-sigv4` (`sigv4/vectors.py` and `sigv4/aws-sigv4` write
//! them), and against everything that must be refused.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use std::sync::Arc;
use tidegate_types::Timestamp;
use tidegate_wire::sigv4::{
    Authentic, Chunks, Claim, Credentials, Dialect, Encoding, Error, Form, Payload, Request, Rules, Scope, Signing,
    Verifier, encode_chunks, presign, sign,
};

#[derive(Deserialize)]
struct Vectors {
    at: String,
    access_key_id: String,
    secret_access_key: String,
    expires_s: u64,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    note: String,
    form: String,
    service: String,
    region: String,
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: String,
    token: Option<String>,
}

/// What two other signers made of the same requests.
fn vectors() -> [(&'static str, Vectors); 2] {
    let files =
        [("botocore", include_str!("sigv4/botocore.json")), ("aws-sigv4", include_str!("sigv4/aws-sigv4.json"))];
    files.map(|(name, text)| (name, serde_json::from_str(text).expect("the file is written by the program beside it")))
}

fn header_map(headers: &[(String, String)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    map
}

/// A request that owns its parts, so that tests can change them.
#[derive(Clone, Debug)]
struct Sent {
    method: String,
    path: String,
    query: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Sent {
    fn request(&self) -> Request<'_> {
        let Sent { method, path, query, headers, body } = self;
        Request { method, path, query, headers, body: Some(body) }
    }

    fn set(&mut self, name: &'static str, value: &str) {
        self.headers.insert(name, value.parse().unwrap());
    }
}

impl Vector {
    fn sent(&self) -> Sent {
        Sent {
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            headers: header_map(&self.headers),
            body: STANDARD.decode(&self.body).unwrap(),
        }
    }
}

const KEY: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn now() -> Timestamp {
    Timestamp::parse_amz_date("20261121T093000Z").unwrap()
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::from_ms(now().as_ms().saturating_add_signed(seconds * 1000))
}

/// The only key is `KEY`; its token, if any, must be the one that the test expects.
fn look_up<'a>(token: Option<&'a str>) -> impl FnOnce(&Claim) -> Result<(Arc<str>, ()), Error> + 'a {
    move |claim| {
        if claim.access_key_id != KEY {
            return Err(Error::InvalidClientToken);
        }
        if claim.session_token.as_deref() != token {
            return Err(Error::InvalidToken);
        }
        Ok((SECRET.into(), ()))
    }
}

fn check<'a>(sent: &'a Sent, service: &str, token: Option<&str>, at: Timestamp) -> Result<Authentic<'a, ()>, Error> {
    let rules = Rules::of(service, Dialect::Json);
    Verifier::new().authenticate(&sent.request(), &rules, at, look_up(token))
}

#[test]
fn believes_what_others_sign() {
    for (signer, all) in vectors() {
        let at = Timestamp::parse_amz_date(&all.at).unwrap();
        assert!(all.vectors.len() >= 100);
        for (n, vector) in all.vectors.iter().enumerate() {
            let sent = vector.sent();
            let got = check(&sent, &vector.service, vector.token.as_deref(), at);
            assert_eq!(got.err(), None, "{signer} {n} {} {} {}", vector.note, vector.path, vector.query);
        }
    }
}

#[test]
fn signs_as_others_do() {
    for (signer, all) in vectors() {
        for (n, vector) in all.vectors.iter().enumerate() {
            let theirs = vector.sent();
            let expect = Claim::read(&theirs.request()).unwrap();
            let ours = signed_again(&all, vector, &expect);
            let got = Claim::read(&ours.request()).unwrap();
            assert_eq!(got, expect, "{signer} {n} {} {} {}", vector.note, vector.path, vector.query);
        }
    }
}

/// The vector's request with our signature in place of the other one.
fn signed_again(all: &Vectors, vector: &Vector, theirs: &Claim) -> Sent {
    let credentials = Credentials {
        access_key_id: all.access_key_id.clone(),
        secret_access_key: all.secret_access_key.clone(),
        session_token: vector.token.clone(),
    };
    let encoding = if vector.service == "s3" { Encoding::Once } else { Encoding::Twice };
    let at = Timestamp::parse_amz_date(&all.at).unwrap();
    let signing = Signing { region: &vector.region, service: &vector.service, at, encoding };
    let mut sent = vector.sent();
    if vector.form == "query" {
        sent.query = vector.query.split("X-Amz-").next().unwrap().trim_end_matches('&').to_owned();
        sent.headers.retain_names(&theirs.signed_headers);
        sent.query = presign(&sent.request(), &credentials, &signing, all.expires_s);
    } else {
        let made = ["authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256", "content-length"];
        made.into_iter().for_each(|name| drop(sent.headers.remove(name)));
        for (name, value) in sign(&sent.request(), &credentials, &signing) {
            sent.set(name, &value);
        }
    }
    sent
}

trait RetainNames {
    fn retain_names(&mut self, names: &str);
}

impl RetainNames for HeaderMap {
    fn retain_names(&mut self, names: &str) {
        let gone: Vec<HeaderName> =
            self.keys().filter(|name| !names.split(';').any(|known| known == name.as_str())).cloned().collect();
        gone.into_iter().for_each(|name| drop(self.remove(name)));
    }
}

const LAMBDA: Signing<'_> = Signing {
    region: "us-east-1",
    service: "lambda",
    at: Timestamp::from_ms(1_795_253_400_000),
    encoding: Encoding::Twice,
};
const S3: Signing<'_> = Signing { service: "s3", encoding: Encoding::Once, ..LAMBDA };

fn credentials(token: Option<&str>) -> Credentials {
    Credentials {
        access_key_id: KEY.to_owned(),
        secret_access_key: SECRET.to_owned(),
        session_token: token.map(str::to_owned),
    }
}

fn plain() -> Sent {
    let headers = header_map(&[
        ("host".to_owned(), "lambda.us-east-1.amazonaws.com".to_owned()),
        ("content-type".to_owned(), "application/json".to_owned()),
        ("x-amz-target".to_owned(), "A".to_owned()),
    ]);
    Sent {
        method: "POST".to_owned(),
        path: "/2015-03-31/functions/f".to_owned(),
        query: "a=1&b=2".to_owned(),
        headers,
        body: b"{}".to_vec(),
    }
}

fn signed(signing: &Signing<'_>) -> Sent {
    signed_with(plain(), signing, None)
}

fn signed_with(mut sent: Sent, signing: &Signing<'_>, token: Option<&str>) -> Sent {
    for (name, value) in sign(&sent.request(), &credentials(token), signing) {
        sent.set(name, &value);
    }
    sent
}

fn presigned(signing: &Signing<'_>, expires_s: u64) -> Sent {
    let mut sent = plain();
    sent.method = "GET".to_owned();
    sent.body.clear();
    let host = sent.headers["host"].clone();
    sent.headers.clear();
    sent.headers.insert("host", host);
    sent.query = presign(&sent.request(), &credentials(None), signing, expires_s);
    sent
}

/// The kind of an error, without its texts.
fn kind(error: &Error) -> String {
    let text = format!("{error:?}");
    text.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
}

type Change = (&'static str, fn(&mut Sent), &'static str);

fn authorization(sent: &mut Sent, from: &str, to: &str) {
    let header = sent.headers["authorization"].to_str().unwrap().replacen(from, to, 1);
    sent.set("authorization", &header);
}

fn add(sent: &mut Sent, name: &'static str, value: &str) {
    sent.headers.append(name, value.parse().unwrap());
}

fn query(sent: &mut Sent, from: &str, to: &str) {
    assert!(sent.query.contains(from), "{} has no {from}", sent.query);
    sent.query = sent.query.replacen(from, to, 1);
}

const HEADER_CHANGES: &[Change] = &[
    ("no header", |s| drop(s.headers.remove("authorization")), "MissingAuthenticationToken"),
    ("empty header", |s| s.set("authorization", ""), "UnsupportedAlgorithm"),
    ("basic", |s| s.set("authorization", "Basic dGVzdDp0ZXN0"), "UnsupportedAlgorithm"),
    ("bearer", |s| s.set("authorization", "Bearer x.y.z"), "UnsupportedAlgorithm"),
    ("SigV2", |s| s.set("authorization", "AWS AKIDEXAMPLE:c2ln"), "UnsupportedAlgorithm"),
    ("SigV4A", |s| authorization(s, "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), "UnsupportedAlgorithm"),
    ("SHA-1", |s| authorization(s, "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"), "UnsupportedAlgorithm"),
    ("lower-case algorithm", |s| authorization(s, "AWS4", "aws4"), "UnsupportedAlgorithm"),
    ("two headers", |s| add(s, "authorization", "x"), "SeveralMechanisms"),
    ("header and query", |s| s.query.push_str("&X-Amz-Algorithm=AWS4-HMAC-SHA256"), "SeveralMechanisms"),
    ("no credential", |s| authorization(s, "Credential=", "Cred="), "IncompleteSignature"),
    ("no signed headers", |s| authorization(s, "SignedHeaders=", "Signed="), "IncompleteSignature"),
    ("no signature", |s| authorization(s, "Signature=", "Sig="), "IncompleteSignature"),
    ("credential twice", |s| authorization(s, "Credential=", "Credential=x, Credential="), "IncompleteSignature"),
    ("no date", |s| drop(s.headers.remove("x-amz-date")), "IncompleteSignature"),
    ("odd date", |s| s.set("x-amz-date", "2026-11-21T09:30:00Z"), "IncompleteSignature"),
    ("date that is none", |s| s.set("x-amz-date", "20261321T093000Z"), "IncompleteSignature"),
    ("four parts", |s| authorization(s, "/lambda/", "/"), "IncompleteSignature"),
    ("six parts", |s| authorization(s, "/lambda/", "/a/lambda/"), "IncompleteSignature"),
    ("other terminator", |s| authorization(s, "aws4_request", "aws5_request"), "IncompleteSignature"),
    ("other day in the scope", |s| authorization(s, "20261121", "20261120"), "WrongScope"),
    ("other service", |s| authorization(s, "/lambda/", "/dynamodb/"), "WrongScope"),
    ("other region", |s| authorization(s, "us-east-1", "eu-west-1"), "SignatureMismatch"),
    ("unknown key", |s| authorization(s, KEY, "AKIDOTHER"), "InvalidClientToken"),
    ("empty key", |s| authorization(s, KEY, ""), "InvalidClientToken"),
    ("host not signed", |s| authorization(s, "host;", ""), "HostNotSigned"),
    ("x-amz header not signed", |s| s.set("x-amz-meta-a", "1"), "HeadersNotSigned"),
    ("target left out", |s| authorization(s, ";x-amz-target", ""), "HeadersNotSigned"),
    ("token added", |s| s.set("x-amz-security-token", "t"), "HeadersNotSigned"),
    ("method", |s| s.method = "PUT".to_owned(), "SignatureMismatch"),
    ("method in lower case", |s| s.method = "post".to_owned(), "SignatureMismatch"),
    ("path", |s| s.path.push('g'), "SignatureMismatch"),
    ("path escaped once more", |s| s.path = s.path.replace('f', "%66"), "SignatureMismatch"),
    ("query value", |s| query(s, "a=1", "a=2"), "SignatureMismatch"),
    ("query parameter", |s| s.query.push_str("&c=3"), "SignatureMismatch"),
    ("query taken away", |s| s.query.clear(), "SignatureMismatch"),
    ("parameter twice", |s| s.query.push_str("&a=1"), "SignatureMismatch"),
    ("body", |s| s.body = b"[]".to_vec(), "SignatureMismatch"),
    ("body longer", |s| s.body.push(b' '), "SignatureMismatch"),
    ("no body", |s| s.body.clear(), "SignatureMismatch"),
    ("host", |s| s.set("host", "evil.example"), "SignatureMismatch"),
    ("signed header changed", |s| s.set("content-type", "text/plain"), "SignatureMismatch"),
    ("signed header gone", |s| drop(s.headers.remove("content-type")), "SignatureMismatch"),
    ("signed header twice", |s| add(s, "content-type", "application/json"), "SignatureMismatch"),
    ("target changed", |s| s.set("x-amz-target", "B"), "SignatureMismatch"),
    ("time changed", |s| s.set("x-amz-date", "20261121T093001Z"), "SignatureMismatch"),
    ("claimed header that is not there", |s| authorization(s, "host;", "host;if-match;"), "SignatureMismatch"),
    (
        "signed headers out of order",
        |s| authorization(s, "content-type;host", "host;content-type"),
        "SignatureMismatch",
    ),
    ("unsigned payload", |s| s.set("content-type", "UNSIGNED-PAYLOAD"), "SignatureMismatch"),
    ("last digit", |s| flip(s), "SignatureMismatch"),
    ("short signature", |s| shorten(s), "SignatureMismatch"),
    ("upper-case signature", |s| upper(s), "SignatureMismatch"),
];

fn change_signature(sent: &mut Sent, change: impl FnOnce(&str) -> String) {
    let header = sent.headers["authorization"].to_str().unwrap().to_owned();
    let (head, signature) = header.rsplit_once('=').unwrap();
    sent.set("authorization", &format!("{head}={}", change(signature)));
}

fn flip(sent: &mut Sent) {
    change_signature(sent, |s| format!("{}{}", &s[..63], if s.ends_with('0') { '1' } else { '0' }));
}

fn shorten(sent: &mut Sent) {
    change_signature(sent, |s| s[..62].to_owned());
}

fn upper(sent: &mut Sent) {
    change_signature(sent, |_| "A".repeat(64));
}

#[test]
fn refuses_changed_requests() {
    assert_eq!(check(&signed(&LAMBDA), "lambda", None, now()).err(), None);
    for (what, change, expect) in HEADER_CHANGES {
        let mut sent = signed(&LAMBDA);
        change(&mut sent);
        let got = check(&sent, "lambda", None, now()).err();
        assert_eq!(got.as_ref().map(kind).as_deref(), Some(*expect), "{what}: {got:?}");
    }
}

const QUERY_CHANGES: &[Change] = &[
    ("no algorithm", |s| query(s, "X-Amz-Algorithm=AWS4-HMAC-SHA256&", ""), "IncompleteQuery"),
    ("SigV4A", |s| query(s, "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), "UnsupportedAlgorithm"),
    ("no credential", |s| query(s, "X-Amz-Credential", "X-Amz-Cred"), "IncompleteQuery"),
    ("no date", |s| query(s, "X-Amz-Date", "X-Amz-D"), "IncompleteQuery"),
    ("odd date", |s| query(s, "20261121T093000Z", "yesterday"), "IncompleteQuery"),
    ("no signed headers", |s| query(s, "X-Amz-SignedHeaders", "X-Amz-S"), "IncompleteQuery"),
    ("no signature", |s| query(s, "X-Amz-Signature", "X-Amz-Sig"), "IncompleteQuery"),
    ("signature twice", |s| s.query.push_str("&X-Amz-Signature=00"), "IncompleteQuery"),
    (
        "no signature, no algorithm",
        |s| s.query = "X-Amz-Date=20261121T093000Z".to_owned(),
        "MissingAuthenticationToken",
    ),
    ("expires over a week", |s| query(s, "X-Amz-Expires=60", "X-Amz-Expires=604801"), "IncompleteQuery"),
    ("expires below zero", |s| query(s, "X-Amz-Expires=60", "X-Amz-Expires=-1"), "IncompleteQuery"),
    ("expires is no number", |s| query(s, "X-Amz-Expires=60", "X-Amz-Expires=soon"), "IncompleteQuery"),
    ("expires longer", |s| query(s, "X-Amz-Expires=60", "X-Amz-Expires=600"), "SignatureMismatch"),
    ("expires taken away", |s| query(s, "&X-Amz-Expires=60", ""), "SignatureMismatch"),
    ("parameter", |s| query(s, "a=1", "a=2"), "SignatureMismatch"),
    ("method", |s| s.method = "DELETE".to_owned(), "SignatureMismatch"),
    ("path", |s| s.path = "/other".to_owned(), "SignatureMismatch"),
    ("host", |s| s.set("host", "evil.example"), "SignatureMismatch"),
    ("host not signed", |s| query(s, "SignedHeaders=host", "SignedHeaders=accept"), "HostNotSigned"),
    ("header not signed", |s| s.set("x-amz-acl", "public-read"), "HeadersNotSigned"),
    ("token added", |s| s.query.push_str("&X-Amz-Security-Token=t"), "InvalidToken"),
    ("unknown key", |s| query(s, KEY, "AKIDOTHER"), "InvalidClientToken"),
    ("other service", |s| query(s, "%2Fs3%2F", "%2Flambda%2F"), "WrongScope"),
];

#[test]
fn refuses_changed_presigned_urls() {
    assert_eq!(check(&presigned(&S3, 60), "s3", None, now()).err(), None);
    for (what, change, expect) in QUERY_CHANGES {
        let mut sent = presigned(&S3, 60);
        change(&mut sent);
        let got = check(&sent, "s3", None, now()).err();
        assert_eq!(got.as_ref().map(kind).as_deref(), Some(*expect), "{what}: {got:?}");
    }
}

#[test]
fn wrong_secret() {
    let verifier = Verifier::new();
    let sent = signed(&LAMBDA);
    let rules = Rules::of("lambda", Dialect::RestJson);
    let got = verifier.authenticate(&sent.request(), &rules, now(), |_| Ok(("other".into(), ())));
    let Err(Error::SignatureMismatch { canonical_request, string_to_sign }) = got else { panic!("believed") };
    assert!(canonical_request.starts_with("POST\n/2015-03-31/functions/f\na=1&b=2\ncontent-type:application/json\n"));
    assert!(string_to_sign.starts_with("AWS4-HMAC-SHA256\n20261121T093000Z\n20261121/us-east-1/lambda/aws4_request\n"));
    // Keys are kept by their secret: the right one still works, and twice.
    for _ in 0..2 {
        assert!(verifier.authenticate(&sent.request(), &rules, now(), look_up(None)).is_ok());
    }
}

#[test]
fn session_tokens() {
    let sent = signed_with(plain(), &LAMBDA, Some("token"));
    let cases = [(Some("token"), None), (None, Some("InvalidToken")), (Some("another"), Some("InvalidToken"))];
    for (expected, error) in cases {
        assert_eq!(check(&sent, "lambda", expected, now()).err().as_ref().map(kind).as_deref(), error);
    }
    let mut without = sent.clone();
    without.headers.remove("x-amz-security-token");
    assert_eq!(check(&without, "lambda", Some("token"), now()).err(), Some(Error::InvalidToken));
}

#[test]
fn clocks_may_differ() {
    // Fifteen minutes for most services, five for Lambda (measured).
    let sqs = Signing { service: "sqs", ..LAMBDA };
    let cases = [
        (&LAMBDA, "lambda", 300, true),
        (&LAMBDA, "lambda", 301, false),
        (&LAMBDA, "lambda", -300, true),
        (&LAMBDA, "lambda", -301, false),
        (&sqs, "sqs", 900, true),
        (&sqs, "sqs", 901, false),
        (&sqs, "sqs", -900, true),
        (&sqs, "sqs", -901, false),
        (&S3, "s3", 901, false),
    ];
    for (signing, service, offset, good) in cases {
        let got = check(&signed(signing), service, None, later(offset)).err();
        assert_eq!(got.as_ref().map(kind).as_deref(), (!good).then_some("Skewed"), "{service} {offset}");
    }
    let late = check(&signed(&sqs), "sqs", None, later(901)).err().unwrap();
    assert_eq!(
        late.to_string(),
        "Signature expired: 20261121T093000Z is now earlier than 20261121T093001Z (20261121T094501Z - 15 min.)"
    );
}

#[test]
fn presigned_urls_end() {
    let week = presigned(&S3, 604_800);
    let cases = [
        (presigned(&S3, 60), 60, None),
        (presigned(&S3, 60), 61, Some("Expired")),
        (presigned(&S3, 0), 1, Some("Expired")),
        (presigned(&S3, 60), -901, Some("Skewed")),
        (week.clone(), 604_800, None),
        (week, 604_801, Some("Expired")),
    ];
    for (sent, offset, expect) in cases {
        let got = check(&sent, "s3", None, later(offset)).err();
        assert_eq!(got.as_ref().map(kind).as_deref(), expect, "{offset}");
    }
}

#[test]
fn regions_of_global_services() {
    let iam = Signing { service: "iam", ..LAMBDA };
    assert_eq!(check(&signed(&iam), "iam", None, now()).err(), None);
    let elsewhere = Signing { region: "eu-west-1", ..iam };
    assert_eq!(check(&signed(&elsewhere), "iam", None, now()).err().as_ref().map(kind).as_deref(), Some("WrongScope"));
}

#[test]
fn s3_payloads() {
    let with = |word: &str| {
        let mut sent = plain();
        sent.set("x-amz-content-sha256", word);
        signed_with(sent, &S3, None)
    };
    let hash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    let good = [
        (hash, Payload::Sha256(hash.to_owned())),
        ("UNSIGNED-PAYLOAD", Payload::Unsigned),
        ("STREAMING-UNSIGNED-PAYLOAD-TRAILER", Payload::UnsignedChunks),
        ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", Payload::SignedChunks { trailers: false }),
        ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", Payload::SignedChunks { trailers: true }),
    ];
    for (word, expect) in good {
        assert_eq!(check(&with(word), "s3", None, now()).unwrap().payload, expect);
    }
    let bad = [
        ("0".repeat(64), "PayloadMismatch"),
        ("0".repeat(63), "InvalidContentHash"),
        ("unsigned-payload".to_owned(), "InvalidContentHash"),
        ("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD".to_owned(), "UnsupportedAlgorithm"),
        (String::new(), "InvalidContentHash"),
    ];
    for (word, expect) in bad {
        let got = check(&with(&word), "s3", None, now()).err();
        assert_eq!(got.as_ref().map(kind).as_deref(), Some(expect), "{word}");
    }
    let mut none = with(hash);
    none.headers.remove("x-amz-content-sha256");
    assert_eq!(check(&none, "s3", None, now()).err(), Some(Error::MissingContentHash));
    // A body that comes later is compared later.
    let sent = with(hash);
    let request = Request { body: None, ..sent.request() };
    let rules = Rules::of("s3", Dialect::S3);
    let authentic = Verifier::new().authenticate(&request, &rules, now(), look_up(None)).unwrap();
    assert_eq!(authentic.payload.check(b"{}"), Ok(()));
    assert_eq!(authentic.payload.check(b"{} "), Err(Error::PayloadMismatch));
    // Other services hash the body themselves: the word does not switch that off.
    let mut sent = plain();
    sent.set("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    let sent = signed_with(sent, &LAMBDA, None);
    assert_eq!(check(&sent, "lambda", None, now()).err().as_ref().map(kind).as_deref(), Some("SignatureMismatch"));
}

fn chunked(word: &str) -> Sent {
    let mut sent = plain();
    sent.set("x-amz-content-sha256", word);
    signed_with(sent, &S3, None)
}

fn authentic(sent: &Sent) -> Authentic<'_, ()> {
    check(sent, "s3", None, now()).unwrap()
}

/// A body's data and its trailers.
type Decoded = (Vec<u8>, Vec<(String, String)>);

fn decode(authentic: &Authentic<'_, ()>, body: &[u8], length: u64, step: usize) -> Result<Decoded, Error> {
    let mut chunks = Chunks::new(authentic, length).expect("the payload is chunked");
    let mut data = Vec::new();
    for bytes in body.chunks(step.max(1)) {
        chunks.push(bytes, &mut data)?;
    }
    Ok((data, chunks.finish()?))
}

fn trailers() -> Vec<(String, String)> {
    vec![("x-amz-checksum-crc32".to_owned(), "AAAAAA==".to_owned())]
}

fn encoded(authentic: &Authentic<'_, ()>, data: &[u8], trailers: Option<&[(String, String)]>) -> Vec<u8> {
    let scope: &Scope = &authentic.claim.scope;
    encode_chunks(SECRET, (scope, now(), authentic.claim.signature()), data, 10, trailers)
}

#[test]
fn signed_chunks() {
    let sent = chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    let authentic = authentic(&sent);
    let data = b"twenty-five bytes of data";
    let body = encoded(&authentic, data, None);
    for step in [1, 7, body.len()] {
        assert_eq!(decode(&authentic, &body, 25, step), Ok((data.to_vec(), vec![])), "{step}");
    }
    let at = |needle: &str| body.windows(needle.len()).position(|w| w == needle.as_bytes()).unwrap();
    let mut changed = body.clone();
    changed[at("twenty")] ^= 1;
    let mut resigned = body.clone();
    resigned[at("signature=") + 12] = b'x';
    let no_signature = [b"5\r\nhello\r\n".to_vec(), body.clone()].concat();
    let cases = [
        ("changed data", changed, 25, Error::ChunkSignatureMismatch),
        ("changed signature", resigned, 25, Error::ChunkSignatureMismatch),
        ("chunk without signature", no_signature, 30, Error::IncompleteBody),
        ("cut in the last chunk", body[..body.len() - 1].to_vec(), 25, Error::IncompleteBody),
        ("last chunk left out", body[..at("\r\n0;") + 2].to_vec(), 25, Error::IncompleteBody),
        ("more behind the end", [&body[..], b"x"].concat(), 25, Error::IncompleteBody),
        ("first chunk left out", body[at("\r\na;chunk") + 2..].to_vec(), 15, Error::ChunkSignatureMismatch),
        ("less promised", body.clone(), 24, Error::IncompleteBody),
        ("more promised", body.clone(), 26, Error::IncompleteBody),
        ("huge chunk", b"ffffffff;chunk-signature=00\r\n".to_vec(), u64::MAX, Error::ChunkTooLarge),
        ("size is no number", b"+5;chunk-signature=00\r\n".to_vec(), 5, Error::IncompleteBody),
        ("size too long", b"000000005;chunk-signature=00\r\n".to_vec(), 5, Error::IncompleteBody),
        ("endless line", vec![b'0'; 5000], 5, Error::ChunkTooLarge),
        ("nothing", vec![], 0, Error::IncompleteBody),
    ];
    for (what, body, length, expect) in cases {
        assert_eq!(decode(&authentic, &body, length, 64), Err(expect), "{what}");
    }
}

#[test]
fn signed_trailers() {
    let sent = chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER");
    let authentic = authentic(&sent);
    let body = encoded(&authentic, b"some data", Some(&trailers()));
    assert_eq!(decode(&authentic, &body, 9, 5), Ok((b"some data".to_vec(), trailers())));
    let text = String::from_utf8(body).unwrap();
    let without = text.split("x-amz-trailer-signature").next().unwrap().to_owned() + "\r\n";
    let cases = [
        (text.replace("AAAAAA", "AAAAAB"), Error::ChunkSignatureMismatch),
        (text.replace("crc32", "crc33"), Error::ChunkSignatureMismatch),
        (text.replace("trailer-signature:", "trailer-signature:0"), Error::ChunkSignatureMismatch),
        (without, Error::ChunkSignatureMismatch),
        (text.trim_end().to_owned(), Error::IncompleteBody),
        (text.replace("x-amz-checksum-crc32:", "x-amz-checksum-crc32 "), Error::IncompleteBody),
    ];
    for (body, expect) in cases {
        assert_eq!(decode(&authentic, body.as_bytes(), 9, 64), Err(expect), "{body}");
    }
}

#[test]
fn unsigned_chunks() {
    let sent = chunked("STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    let authentic = authentic(&sent);
    let body = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
    assert_eq!(decode(&authentic, body, 5, 3), Ok((b"hello".to_vec(), trailers())));
    let cases: [&[u8]; 4] = [
        b"5\r\nhello\r\n0\r\n",
        b"5\r\nhello0\r\n\r\n",
        b"5;chunk-signature=00\r\nhello\r\n0\r\n\r\n",
        b"g\r\nhello\r\n0\r\n\r\n",
    ];
    for body in cases {
        assert_eq!(decode(&authentic, body, 5, 64), Err(Error::IncompleteBody), "{}", String::from_utf8_lossy(body));
    }
}

#[test]
fn answers_by_dialect() {
    let unknown = Error::InvalidClientToken;
    let cases = [
        (&unknown, Dialect::Query, "InvalidClientTokenId", 403),
        (&unknown, Dialect::Json, "UnrecognizedClientException", 400),
        (&unknown, Dialect::RestJson, "UnrecognizedClientException", 403),
        (&unknown, Dialect::S3, "InvalidAccessKeyId", 403),
        (&Error::MissingAuthenticationToken, Dialect::Query, "MissingAuthenticationToken", 403),
        (&Error::MissingAuthenticationToken, Dialect::Json, "MissingAuthenticationTokenException", 400),
        (&Error::MissingAuthenticationToken, Dialect::S3, "AccessDenied", 403),
        (&Error::HostNotSigned, Dialect::RestJson, "InvalidSignatureException", 403),
        (&Error::ExpiredToken, Dialect::Query, "ExpiredToken", 403),
        (&Error::ExpiredToken, Dialect::Json, "ExpiredTokenException", 400),
        (&Error::IncompleteSignature(String::new()), Dialect::Query, "IncompleteSignature", 400),
        (&Error::IncompleteQuery(String::new()), Dialect::S3, "AuthorizationQueryParametersError", 400),
        (&Error::PayloadMismatch, Dialect::S3, "XAmzContentSHA256Mismatch", 400),
    ];
    for (error, dialect, code, status) in cases {
        let answer = error.answer(dialect);
        assert_eq!((answer.code, answer.status), (code, status), "{error:?} {dialect:?}");
    }
}

#[test]
fn names_all_that_is_missing() {
    let mut sent = plain();
    sent.set("authorization", "AWS4-HMAC-SHA256 foo=bar");
    let text = Claim::read(&sent.request()).unwrap_err().to_string();
    let expect = "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed";
    assert!(text.starts_with(expect), "{text}");
}

#[test]
fn reads_the_date_header() {
    let mut sent = plain();
    sent.set(
        "authorization",
        "AWS4-HMAC-SHA256 Credential=A/20261121/us-east-1/s3/aws4_request,SignedHeaders=host,Signature=0",
    );
    for date in ["Sat, 21 Nov 2026 09:30:00 GMT", "20261121T093000Z"] {
        sent.set("date", date);
        let claim = Claim::read(&sent.request()).unwrap();
        assert_eq!((claim.at, claim.form), (now(), Form::Header));
    }
    sent.set("date", "Sat, 21 Nov 2026 09:30:00 CET");
    assert!(Claim::read(&sent.request()).is_err());
}

mod any_input {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn claims_are_read_without_panic(header in "(AWS4-HMAC-SHA256 )?[ -~]{0,120}", date in "[0-9TZ:é-]{0,20}", query in "[ -~é]{0,120}") {
            let mut headers = HeaderMap::new();
            headers.insert("authorization", HeaderValue::from_str(&header).unwrap());
            headers.insert("x-amz-date", HeaderValue::from_bytes(date.as_bytes()).unwrap());
            let request = Request { method: "GET", path: &query, query: &query, headers: &headers, body: None };
            let _ = Claim::read(&request);
            let presigned = format!("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={date}&{query}");
            let bare = HeaderMap::new();
            let _ = Claim::read(&Request { query: &presigned, headers: &bare, ..request });
        }

        #[test]
        fn chunks_are_read_without_panic(body in proptest::collection::vec(any::<u8>(), 0..200), text in "([0-9a-f]{1,3}(;chunk-signature=[0-9a-f]{0,4})?\r\n[a-z]{0,5}(\r\n)?){0,4}") {
            for word in ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"] {
                let sent = chunked(word);
                let authentic = authentic(&sent);
                let _ = decode(&authentic, &body, 100, 7);
                let _ = decode(&authentic, text.as_bytes(), 100, 7);
            }
        }

        #[test]
        fn what_is_signed_is_believed_and_nothing_else(path in "/[ -~é]{0,30}", query in "[!-~é]{0,30}", body in proptest::collection::vec(any::<u8>(), 0..20), s3 in any::<bool>()) {
            let signing = if s3 { &S3 } else { &LAMBDA };
            let path: String = path.replace(['?', '#'], "");
            let mut sent = Sent { path, query: query.replace('#', ""), body, ..plain() };
            prop_assume!(!sent.query.contains("X-Amz-"));
            sent = signed_with(sent, signing, None);
            prop_assert_eq!(check(&sent, signing.service, None, now()).err(), None);
            sent.path.push('x');
            prop_assert!(check(&sent, signing.service, None, now()).is_err());
        }
    }
}
