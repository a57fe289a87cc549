//! What a request claims of itself: whose key signed it, when, for what, and which headers.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html>

use super::key::sha256_hex;
use super::{ALGORITHM, Error, Request, Scope, canonical, limits};
use http::HeaderMap;
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
pub struct Claim {
    /// Whose key.
    pub access_key_id: String,
    /// What it is good for.
    pub scope: Scope,
    /// Temporary keys come with a token.
    pub session_token: Option<String>,
    /// Lower-case names in order, with semicolons between them.
    pub signed_headers: String,
    /// Where the signature stands.
    pub form: Form,
    /// When the request was signed.
    pub at: Timestamp,
    /// The signature: 64 hex digits.
    pub(super) signature: String,
}

impl Claim {
    /// Reads the claim of a request. Nothing is looked up or proven yet, so that it also serves to route requests by
    /// their scope.
    ///
    /// # Errors
    /// `MissingAuthenticationToken` if nothing is signed; the other kinds if the claim is malformed.
    pub fn read(request: &Request<'_>) -> Result<Claim, Error> {
        let query: Vec<(String, String)> =
            canonical::parameters(request.query).filter(|(name, _)| name.starts_with("X-Amz-")).collect();
        let in_query = query.iter().any(|(name, _)| matches!(name.as_str(), "X-Amz-Algorithm" | "X-Amz-Signature"));
        let mut headers = request.headers.get_all(http::header::AUTHORIZATION).iter();
        match (headers.next(), headers.next(), in_query) {
            (None, _, false) => Err(Error::MissingAuthenticationToken),
            (None, _, true) => from_query(&query),
            (Some(header), None, false) => from_header(&String::from_utf8_lossy(header.as_bytes()), request.headers),
            _ => Err(Error::SeveralMechanisms),
        }
    }

    /// The signature itself, which the first chunk of a chunked body continues.
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// When it was signed, as it stands in the signed text.
    pub(super) fn amz_date(&self) -> String {
        self.at.amz_date()
    }
}

fn from_header(header: &str, headers: &HeaderMap) -> Result<Claim, Error> {
    let (algorithm, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
    if algorithm != ALGORITHM {
        return Err(Error::UnsupportedAlgorithm(algorithm.to_owned()));
    }
    let parameter = |name: &str| {
        let mut found = rest.split(',').filter_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
        found.next().filter(|value| !value.is_empty() && found.next().is_none())
    };
    let (credential, signed, signature) = (parameter("Credential"), parameter("SignedHeaders"), parameter("Signature"));
    let at = header_date(headers);
    let (Some(credential), Some(signed), Some(signature), Some(at)) = (credential, signed, signature, at) else {
        let lacking = [(credential, "Credential"), (signature, "Signature"), (signed, "SignedHeaders")];
        return Err(Error::IncompleteSignature(incomplete(&lacking, at.is_some(), header)));
    };
    let (access_key_id, scope) = credential_scope(credential).map_err(Error::IncompleteSignature)?;
    let token = headers.get("x-amz-security-token").and_then(|value| value.to_str().ok());
    Ok(Claim {
        access_key_id,
        scope: dated(scope, at)?,
        session_token: token.map(str::to_owned),
        signed_headers: signed.to_ascii_lowercase(),
        form: Form::Header,
        at,
        signature: signature.to_owned(),
    })
}

/// AWS names all that is missing at once, and the header by its hash.
fn incomplete(parameters: &[(Option<&str>, &str)], dated: bool, header: &str) -> String {
    let missing = parameters.iter().filter(|(value, _)| value.is_none());
    let mut text: String =
        missing.map(|(_, name)| format!("Authorization header requires '{name}' parameter. ")).collect();
    if !dated {
        text.push_str("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
    }
    text + &format!("(Hashed with SHA-256) Authorization={}", sha256_hex(header.as_bytes()))
}

fn header_date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("x-amz-date") {
        Some(date) => Timestamp::parse_amz_date(date),
        None => text("date").and_then(|date| Timestamp::parse_amz_date(date).or_else(|| http_date(date))),
    }
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

fn from_query(query: &[(String, String)]) -> Result<Claim, Error> {
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
        access_key_id,
        scope: dated(scope, at)?,
        session_token: parameter("X-Amz-Security-Token").map(str::to_owned),
        signed_headers: signed.to_ascii_lowercase(),
        form: Form::Query { expires_s: parameter("X-Amz-Expires").map(expires).transpose()? },
        at,
        signature: signature.to_owned(),
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
fn credential_scope(text: &str) -> Result<(String, Scope), String> {
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
    Ok((key.to_owned(), Scope { date: date.to_owned(), region: region.to_owned(), service: service.to_owned() }))
}

/// The scope's day must be the day of the request.
fn dated(scope: Scope, at: Timestamp) -> Result<Scope, Error> {
    let (amz_date, date) = (at.amz_date(), &scope.date);
    if amz_date[..8] == **date {
        return Ok(scope);
    }
    let day = &amz_date[..8];
    Err(Error::WrongScope(format!(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{date}' != \
         '{day}', from '{amz_date}'."
    )))
}
