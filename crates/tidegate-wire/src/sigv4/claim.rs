//! What a request claims of itself: whose key signed it, when, for what, and which headers.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html>

use super::key::sha256_hex;
use super::{ALGORITHM, Error, Request, Scope, canonical, limits};
use http::{HeaderMap, HeaderName, header};
use std::borrow::Cow;
use tidegate_types::Timestamp;

/// Where the signature stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// In the `Authorization` header.
    Header,
    /// In the query: a presigned URL, good for this many seconds (`None`: as long as a header would be).
    Query {
        /// `X-Amz-Expires`.
        expires_s: Option<u64>,
    },
}

/// A signature and what it claims; nothing of it is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim<'a> {
    /// Whose key.
    pub access_key_id: Cow<'a, str>,
    /// What it is good for.
    pub scope: Scope<'a>,
    /// Temporary keys come with a token.
    pub session_token: Option<Cow<'a, str>>,
    /// Lower-case names in order, with semicolons between them.
    pub signed_headers: Cow<'a, str>,
    /// Where the signature stands.
    pub form: Form,
    /// When the request was signed.
    pub at: Timestamp,
    /// The same as it stands in the signed text.
    pub(super) amz_date: Cow<'a, str>,
    /// The signature: 64 hex digits.
    pub(super) signature: Cow<'a, str>,
}

impl<'a> Claim<'a> {
    /// Reads the claim of a request. Nothing is looked up or proven yet, so that it also serves to route requests by
    /// their scope.
    ///
    /// # Errors
    /// `MissingAuthenticationToken` if nothing is signed; the other kinds if the claim is malformed.
    pub fn read(request: &Request<'a>) -> Result<Claim<'a>, Error> {
        let query: Vec<(String, String)> =
            canonical::parameters(request.query).filter(|(name, _)| name.starts_with("X-Amz-")).collect();
        let in_query = query.iter().any(|(name, _)| matches!(name.as_str(), "X-Amz-Algorithm" | "X-Amz-Signature"));
        let mut headers = request.headers.get_all(header::AUTHORIZATION).iter();
        match (headers.next(), headers.next(), in_query) {
            (None, _, false) => Err(Error::MissingAuthenticationToken),
            (None, _, true) => from_query(&query),
            (Some(header), None, false) => from_header(header.as_bytes(), request.headers),
            _ => Err(Error::SeveralMechanisms),
        }
    }

    /// The signature itself, which the first chunk of a chunked body continues.
    pub fn signature(&self) -> &str {
        &self.signature
    }
}

fn from_header<'a>(header: &'a [u8], headers: &'a HeaderMap) -> Result<Claim<'a>, Error> {
    let header = str::from_utf8(header).map_err(|_| Error::IncompleteSignature(not_text(header)))?;
    let (algorithm, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
    if algorithm != ALGORITHM {
        return Err(Error::UnsupportedAlgorithm(algorithm.to_owned()));
    }
    let [credential, signed, signature] = parameters(rest, ["Credential", "SignedHeaders", "Signature"]);
    let date = header_date(headers);
    let is_dated = date.is_some();
    let (Some(credential), Some(signed), Some(signature), Some((at, amz_date))) = (credential, signed, signature, date)
    else {
        let lacking = [(credential, "Credential"), (signature, "Signature"), (signed, "SignedHeaders")];
        return Err(Error::IncompleteSignature(incomplete(&lacking, is_dated, header.as_bytes())));
    };
    let (access_key_id, scope) = credential_scope(credential).map_err(Error::IncompleteSignature)?;
    let token = headers.get(SECURITY_TOKEN).and_then(|value| value.to_str().ok());
    Ok(Claim {
        access_key_id,
        scope: dated(scope, &amz_date)?,
        session_token: token.map(Cow::Borrowed),
        signed_headers: lower_case(signed),
        form: Form::Header,
        at,
        amz_date,
        signature: signature.into(),
    })
}

/// The values of these parameters, each where it is given once and not empty.
fn parameters<'a, const N: usize>(text: &'a str, names: [&str; N]) -> [Option<&'a str>; N] {
    let (mut values, mut seen) = ([None; N], [false; N]);
    for part in text.split(',') {
        let Some((name, value)) = part.trim().split_once('=') else { continue };
        if let Some(n) = names.iter().position(|known| *known == name) {
            values[n] = Some(value).filter(|value| !value.is_empty() && !seen[n]);
            seen[n] = true;
        }
    }
    values
}

/// Nothing can be read from a header that is no text.
fn not_text(header: &[u8]) -> String {
    let lacking = ["Credential", "Signature", "SignedHeaders"].map(|name| (None, name));
    incomplete(&lacking, true, header)
}

/// AWS names all that is missing at once, and the header by its hash.
fn incomplete(parameters: &[(Option<&str>, &str)], dated: bool, header: &[u8]) -> String {
    let missing = parameters.iter().filter(|(value, _)| value.is_none());
    let mut text: String =
        missing.map(|(_, name)| format!("Authorization header requires '{name}' parameter. ")).collect();
    if !dated {
        text.push_str("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
    }
    text + &format!("(Hashed with SHA-256) Authorization={}", sha256_hex(header))
}

const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");
const DATE: HeaderName = HeaderName::from_static("x-amz-date");

/// When the request was made, and how that stands in the signed text.
fn header_date(headers: &HeaderMap) -> Option<(Timestamp, Cow<'_, str>)> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let date = text(DATE);
    match date.or_else(|| text(header::DATE)) {
        Some(amz_date) if let Some(at) = Timestamp::parse_amz_date(amz_date) => Some((at, amz_date.into())),
        Some(other) if date.is_none() => http_date(other).map(|at| (at, at.amz_date().into())),
        _ => None,
    }
}

fn lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) { text.to_ascii_lowercase().into() } else { text.into() }
}

/// Reads `Sat, 21 Nov 2026 09:30:00 GMT` (RFC 9110 §5.6.7).
fn http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, rest) = text.split_once(", ")?;
    let parts: Vec<&str> = rest.split(' ').collect();
    let [day, month, year, time, "GMT"] = parts.as_slice() else { return None };
    let month = MONTHS.iter().position(|name| name == month)? + 1;
    Timestamp::parse_iso8601(&format!("{year}-{month:02}-{day}T{time}Z"))
}

fn from_query(query: &[(String, String)]) -> Result<Claim<'static>, Error> {
    let parameter = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let algorithm = parameter("X-Amz-Algorithm").unwrap_or_default();
    if !algorithm.is_empty() && algorithm != ALGORITHM {
        return Err(Error::UnsupportedAlgorithm(algorithm.to_owned()));
    }
    let names = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-SignedHeaders", "X-Amz-Signature", "X-Amz-Date"];
    let mut values = names.map(|name| parameter(name).unwrap_or_default()).into_iter();
    let twice = names.iter().any(|name| query.iter().filter(|(known, _)| known == name).count() > 1);
    if twice || values.clone().any(str::is_empty) {
        return Err(Error::IncompleteQuery(
            "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, \
             X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
                .to_owned(),
        ));
    }
    let mut next = || values.next().unwrap_or_default();
    let (_, credential, signed, signature, date) = (next(), next(), next(), next(), next());
    let at = Timestamp::parse_amz_date(date).ok_or_else(|| {
        Error::IncompleteQuery("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"".to_owned())
    })?;
    let (access_key_id, scope) = credential_scope(credential).map_err(Error::IncompleteQuery)?;
    Ok(Claim {
        access_key_id: access_key_id.into_owned().into(),
        scope: dated(scope, date)?.into_owned(),
        session_token: parameter("X-Amz-Security-Token").map(|token| token.to_owned().into()),
        signed_headers: signed.to_ascii_lowercase().into(),
        form: Form::Query { expires_s: parameter("X-Amz-Expires").map(expires).transpose()? },
        at,
        amz_date: date.to_owned().into(),
        signature: signature.to_owned().into(),
    })
}

fn expires(text: &str) -> Result<u64, Error> {
    let refuse = |why: &str| Err(Error::IncompleteQuery(why.to_owned()));
    match text.parse::<i64>() {
        Err(_) => refuse("X-Amz-Expires should be a number"),
        Ok(seconds) if seconds < 0 => refuse("X-Amz-Expires must be non-negative"),
        Ok(seconds) if seconds.unsigned_abs() > limits::EXPIRES_S_MAX => refuse(
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than \
             604800 seconds",
        ),
        Ok(seconds) => Ok(seconds.unsigned_abs()),
    }
}

/// Key id and scope. The key id may hold slashes only in theory; AWS counts from the front.
fn credential_scope(text: &str) -> Result<(Cow<'_, str>, Scope<'_>), String> {
    let mut parts = text.split('/');
    let [key, date, region, service, end] = std::array::from_fn(|_| parts.next());
    let (Some(key), Some(date), Some(region), Some(service), Some(end), None) =
        (key, date, region, service, end, parts.next())
    else {
        return Err(format!(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{text}'"
        ));
    };
    if end != "aws4_request" {
        return Err(format!("Credential should be scoped with a valid terminator: 'aws4_request', not '{end}'."));
    }
    Ok((key.into(), Scope { date: date.into(), region: region.into(), service: service.into() }))
}

/// The scope's day must be the day of the request.
fn dated<'a>(scope: Scope<'a>, amz_date: &str) -> Result<Scope<'a>, Error> {
    let (day, date) = (amz_date.get(..8).unwrap_or_default(), &scope.date);
    if day == date {
        return Ok(scope);
    }
    Err(Error::WrongScope(format!(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{date}' != \
         '{day}', from '{amz_date}'."
    )))
}
