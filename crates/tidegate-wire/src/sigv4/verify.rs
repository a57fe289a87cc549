//! The proof: the signature is made again and compared.

use super::claim::{Claim, Form};
use super::key::{SigningKey, sha256_hex};
use super::{Error, Keys, Payload, Request, Rules, canonical};
use std::borrow::Cow;
use std::sync::Arc;
use subtle::ConstantTimeEq;
use tidegate_types::Timestamp;

/// Checks signatures; keeps derived signing keys.
#[derive(Default)]
pub struct Verifier {
    keys: Keys,
}

/// A request that is what its signer sent.
pub struct Authentic<'a, T> {
    /// What was claimed is now proven.
    pub claim: Cow<'a, Claim<'a>>,
    /// What the look-up gave beside the secret.
    pub identity: T,
    /// How the body is covered.
    pub payload: Payload,
    pub(super) key: SigningKey,
}

impl Verifier {
    /// A verifier without known keys.
    pub fn new() -> Verifier {
        Verifier::default()
    }

    /// Reads the claim, looks the secret up and compares signatures in constant time. `look_up` gives the secret of the
    /// claim's access key (and checks its session token) with whatever belongs to it.
    ///
    /// # Errors
    /// Every kind of [`Error`]; those of keys and tokens come from `look_up`.
    pub fn authenticate<'a, T>(
        &self,
        request: &Request<'a>,
        rules: &Rules<'_>,
        now: Timestamp,
        look_up: impl FnOnce(&Claim<'_>) -> Result<(Arc<str>, T), Error>,
    ) -> Result<Authentic<'a, T>, Error> {
        let claim = Claim::read(request)?;
        let Authentic { identity, payload, key, .. } = self.authenticate_claim(&claim, request, rules, now, look_up)?;
        Ok(Authentic { claim: Cow::Owned(claim), identity, payload, key })
    }

    /// The same for a claim that was read before, to find the service that the request is for.
    ///
    /// # Errors
    /// As `authenticate`.
    pub fn authenticate_claim<'a, T>(
        &self,
        claim: &'a Claim<'a>,
        request: &Request<'_>,
        rules: &Rules<'_>,
        now: Timestamp,
        look_up: impl FnOnce(&Claim<'_>) -> Result<(Arc<str>, T), Error>,
    ) -> Result<Authentic<'a, T>, Error> {
        check_scope(claim, rules)?;
        check_headers(claim, request)?;
        check_time(claim, rules, now)?;
        let (payload, word) = Payload::read(request, rules.encoding, claim.form)?;
        let (secret, identity) = look_up(claim)?;
        let key = self.keys.key(&secret, &claim.scope);
        let skipped = matches!(claim.form, Form::Query { .. }).then_some("X-Amz-Signature");
        let hash = word.is_none().then(|| sha256_hex(request.body.unwrap_or_default()));
        let payload_hash = word.or(hash.as_deref()).unwrap_or_default();
        let text = canonical::request(request, &claim.signed_headers, payload_hash, rules.encoding, skipped);
        let digest = sha256_hex(text.as_bytes());
        let to_sign = canonical::string_to_sign(&claim.amz_date, &claim.scope, &digest);
        if !same(&key.sign(&to_sign), &claim.signature) {
            return Err(Error::SignatureMismatch { canonical_request: text, string_to_sign: to_sign.concat() });
        }
        request.body.map_or(Ok(()), |body| payload.check(body))?;
        Ok(Authentic { claim: Cow::Borrowed(claim), identity, payload, key })
    }
}

/// Compares without telling by its duration how much is equal.
pub(super) fn same(ours: &str, theirs: &str) -> bool {
    ours.as_bytes().ct_eq(theirs.as_bytes()).into()
}

fn check_scope(claim: &Claim<'_>, rules: &Rules<'_>) -> Result<(), Error> {
    if claim.scope.service != rules.service {
        let service = rules.service;
        return Err(Error::WrongScope(format!("Credential should be scoped to correct service: '{service}'. ")));
    }
    match rules.region {
        Some(region) if region != claim.scope.region => Err(Error::WrongScope(format!(
            "Credential should be scoped to a valid region, not '{}'. ",
            claim.scope.region
        ))),
        _ => Ok(()),
    }
}

/// `host` must be signed, else the request could be sent elsewhere; so must all `x-amz-` headers, which change what a
/// request means.
fn check_headers(claim: &Claim<'_>, request: &Request<'_>) -> Result<(), Error> {
    let signed =
        |name: &str| claim.signed_headers.as_bytes().split(|b| *b == b';').any(|known| known == name.as_bytes());
    if !signed("host") && !signed(":authority") {
        return Err(Error::HostNotSigned);
    }
    let names = request.headers.keys().map(http::HeaderName::as_str).filter(|name| name.starts_with("x-amz-"));
    let unsigned: Vec<String> = names.filter(|name| !signed(name)).map(str::to_owned).collect();
    if unsigned.is_empty() { Ok(()) } else { Err(Error::HeadersNotSigned(unsigned)) }
}

fn check_time(claim: &Claim<'_>, rules: &Rules<'_>, now: Timestamp) -> Result<(), Error> {
    let (at, window) = (claim.at.as_ms(), rules.skew_s * 1000);
    let skewed = |limit: u64, early: bool| Error::Skewed {
        at: claim.amz_date.to_string(),
        limit: Timestamp::from_ms(limit).amz_date(),
        now: now.amz_date(),
        window_min: rules.skew_s / 60,
        early,
    };
    let (earliest, latest) = (now.as_ms().saturating_sub(window), now.as_ms().saturating_add(window));
    if at > latest {
        return Err(skewed(latest, true));
    }
    match claim.form {
        Form::Query { expires_s: Some(seconds) } => {
            let end = at.saturating_add(seconds * 1000);
            let over = || Error::Expired { at: Timestamp::from_ms(end).amz_date(), now: now.amz_date() };
            if end < now.as_ms() { Err(over()) } else { Ok(()) }
        }
        _ if at < earliest => Err(skewed(earliest, false)),
        _ => Ok(()),
    }
}
